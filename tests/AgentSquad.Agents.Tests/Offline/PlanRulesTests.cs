using AgentSquad.Agents.Offline;
using AgentSquad.Agents.Offline.Planning;
using AgentSquad.Core.Planning;
using AgentSquad.Core.Squad;
using AgentSquad.Core.Tickets;
using CsCheck;

namespace AgentSquad.Agents.Tests.Offline;

public sealed class PlanRulesTests
{
    [Theory]
    [InlineData("Add an API endpoint for invoices", SquadRole.BackendDeveloper)]
    [InlineData("The save button on the profile page is cut off", SquadRole.FrontendDeveloper)]
    [InlineData("Deploy the service with a Helm chart to Kubernetes", SquadRole.DevOpsEngineer)]
    [InlineData("Airflow ETL fills the data warehouse every night", SquadRole.DataEngineer)]
    [InlineData("Forecast churn per cohort and test its significance", SquadRole.DataScientist)]
    [InlineData("Retrain the classifier and serve inference with PyTorch", SquadRole.MlEngineer)]
    [InlineData("Chatbot answers with an LLM prompt over our documents", SquadRole.AiEngineer)]
    [InlineData("Redesign the wireframe of the user journey for better usability", SquadRole.Designer)]
    [InlineData("Architecture for multi tenancy with event driven services", SquadRole.SolutionArchitect)]
    [InlineData("AI strategy and responsible AI roadmap for the ai project", SquadRole.AiMlProjectManager)]
    public void Plan_Words_BringTheRole(string summary, SquadRole role) => Assert.Contains(Plan(Tickets.Of(summary)).Tasks, task => task.Role == role);

    [Fact]
    public void Plan_AllRoles_CanBeNeeded()
    {
        string[] summaries =
        [
            "Add an API endpoint", "A button on the page", "Deploy with Kubernetes and a pipeline", "ETL to the warehouse", "Forecast and segmentation experiment",
            "PyTorch inference", "LLM prompt", "Wireframe and UX", "Architecture for a new service",
        ];
        var roles = summaries.SelectMany(summary => Plan(Tickets.Of(summary)).Tasks).Select(task => task.Role)
            .Concat(Plan(Tickets.Of("AI strategy for the AI project")).Tasks.Select(task => task.Role)).ToHashSet();
        Assert.Empty(Enum.GetValues<SquadRole>().Except(roles));
    }

    [Theory]
    [InlineData("frontend")]
    [InlineData("web-ui")]
    public void Plan_LabelOrComponent_BringsTheRole(string name)
    {
        Assert.Contains(Plan(Tickets.Of("Show the total", labels: [name])).Tasks, task => task.Role == SquadRole.FrontendDeveloper);
        Assert.Contains(Plan(Tickets.Of("Show the total", components: [name])).Tasks, task => task.Role == SquadRole.FrontendDeveloper);
    }

    [Fact]
    public void Plan_Order_IsPlanningThenBuildingThenTesting()
    {
        var plan = Plan(Tickets.Export());
        Assert.Equal(SquadRole.Tester, plan.Tasks[^1].Role);
        var backend = plan.Tasks.Single(task => task.Role == SquadRole.BackendDeveloper);
        var frontend = plan.Tasks.Single(task => task.Role == SquadRole.FrontendDeveloper);
        Assert.Contains(backend.Id, frontend.DependsOn);
        Assert.Contains(frontend.Id, plan.Tasks[^1].DependsOn);
        Assert.Empty(plan.Tasks[0].DependsOn);
    }

    [Fact]
    public void Plan_Typo_IsSimple_AndAMigrationIsComplex()
    {
        Assert.InRange(Plan(Tickets.Of("Fix typo in the page title")).Complexity, 1, 2);
        var hard = Plan(Tickets.Of(
            "Migrate payments to the new platform with zero downtime",
            "Legacy billing is a monolith.\n\n## AC\n" + string.Concat(Enumerable.Range(1, 8).Select(i => $"- The API endpoint {i} keeps its encryption on the page\n"))));
        Assert.InRange(hard.Complexity, 8, 10);
        Assert.NotEmpty(hard.Risks);
        Assert.Contains(hard.Tasks, task => task.Role == SquadRole.SolutionArchitect);
    }

    [Fact]
    public void Plan_Revision_IsTakenUpAndSaid()
    {
        var first = Plan(Tickets.Export());
        Assert.DoesNotContain(first.Tasks, task => task.Role == SquadRole.Designer);
        var revised = Plan(Tickets.Export(), "add a designer, without frontend");
        Assert.Contains(revised.Tasks, task => task.Role == SquadRole.Designer);
        Assert.DoesNotContain(revised.Tasks, task => task.Role == SquadRole.FrontendDeveloper);
        Assert.Contains("Revised because: add a designer", revised.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_AnyTicket_IsValidCoversEveryCriterionAndRepeats() => AnyTicket.Sample(
        ticket =>
        {
            var triage = Triage(ticket);
            var plan = PlanRules.Plan(new(ticket, triage, []));
            Assert.Empty(PlanValidator.Validate(plan, triage.AcceptanceCriteria));
            Assert.NotEmpty(triage.AcceptanceCriteria);
            Assert.All(plan.Tasks, task => Assert.True(task.Estimate.Hours > 0));
            Assert.Equal(Describe(plan), Describe(PlanRules.Plan(new(ticket, Triage(ticket), []))));
        },
        iter: 100);

    /// <summary>Tickets made of the pieces that the rules look for, and any other text.</summary>
    internal static Gen<Ticket> AnyTicket { get; } = Gen.Select(Pieces(0, 4), Pieces(0, 20), Pieces(0, 3)).Select(parts => Tickets.Of(
        parts.Item1.ReplaceLineEndings(" "), parts.Item2, labels: parts.Item3.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    private static Gen<string> Pieces(int least, int most)
    {
        string[] pieces =
        [
            "## Acceptance criteria\n", "- ", "- [ ] ", "Given ", "When ", "Then ", "\n", "\n\n", "```\n", "AC1: ", "must ", "not ", "fast ", "api ",
            "page ", "llm ", "migrate ", "design ", "# ", "**", "\\", "](", "[", "zero latency ", "export orders ", "Open questions:\n", "tbd ",
            "I want ", "so that ", "*", ":", "1. ", "> ", "T1 ", "The user can sort the list ",
        ];
        return Gen.OneOf(Gen.Int[0, pieces.Length - 1].Select(i => pieces[i]), Gen.String).Array[least, most].Select(string.Concat);
    }

    private static TriageResult Triage(Ticket ticket) => new OfflineSquadAgents().TriageAsync(Tickets.Step(), new(ticket, []), default).Result;

    private static SquadPlan Plan(Ticket ticket, string? revision = null) => PlanRules.Plan(new(ticket, Triage(ticket), [], revision));

    private static string Describe(SquadPlan plan) => System.Text.Json.JsonSerializer.Serialize(plan);
}
