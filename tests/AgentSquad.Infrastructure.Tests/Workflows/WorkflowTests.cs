namespace AgentSquad.Infrastructure.Tests.Workflows;

public sealed class WorkflowTests
{
    private const string Good = """
        on: push
        permissions:
          contents: read
        jobs:
          a:
            timeout-minutes: 5
            steps:
              - uses: actions/checkout@0123456789012345678901234567890123456789 # v1.2.3
                with:
                  persist-credentials: false
              - run: .ci/run
        """;

    [Fact]
    public void Workflows_AllOfThem_KeepTheRules()
    {
        string[] expected = ["azure-host.yml", "ci.yml", "codeql.yml", "dependency-review.yml", "deploy.yml"];
        Assert.Equal(expected, Workflow.All.Select(workflow => workflow.Name));
        Assert.All(Workflow.All, workflow => Assert.Empty(WorkflowRules.Breaches(workflow)));
    }

    [Theory]
    [InlineData("@0123456789012345678901234567890123456789 # v1.2.3", "@v4", "not pinned")]
    [InlineData(" # v1.2.3", "", "not pinned")]
    [InlineData("permissions:\n  contents: read\n", "", "no permissions")]
    [InlineData("contents: read", "contents: write", "permission contents: write")]
    [InlineData("permissions:\n  contents: read", "permissions: write-all", "permission *: write-all")]
    [InlineData("    timeout-minutes: 5\n", "    permissions:\n      id-token: write\n", "permission id-token: write for job a")]
    [InlineData("    timeout-minutes: 5\n", "", "no timeout-minutes")]
    [InlineData("persist-credentials: false", "fetch-depth: 1", "token behind")]
    [InlineData("on: push", "on: pull_request_target", "pull_request_target")]
    [InlineData(".ci/run", "echo ${{ github.event.pull_request.title }}", "part of a script")]
    [InlineData(".ci/run", "bash .ci/walk", ".ci/walk does not exist")]
    public void Breaches_PlantedViolation_IsFound(string good, string bad, string named)
    {
        Assert.Empty(WorkflowRules.Breaches(Workflow.Parse("good.yml", Good)));
        var text = Good.Replace(good, bad, StringComparison.Ordinal);
        Assert.NotEqual(Good, text);
        Assert.Contains(WorkflowRules.Breaches(Workflow.Parse("bad.yml", text)), breach => breach.Contains(named, StringComparison.Ordinal));
    }

    [Fact]
    public void Workflows_SameAction_HasOneVersion()
    {
        var versions = Workflow.All.SelectMany(workflow => workflow.Steps).Select(step => Workflow.Find(step, "uses")?.ToString()).OfType<string>()
            .Select(uses => uses.Split('@')).GroupBy(parts => string.Join('/', parts[0].Split('/')[..2]), parts => parts[1]);
        Assert.All(versions, action => Assert.True(action.Distinct().Count() == 1, $"{action.Key} in several versions"));
    }
}
