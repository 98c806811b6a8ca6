using AgentSquad.Cli.Explain;
using AgentSquad.TestSupport;

namespace AgentSquad.Cli.Tests.Explain;

public sealed class WebhookExplainerTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("squad-explain-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("")]
    [InlineData("no json")]
    [InlineData("[1, 2]")]
    [InlineData("{}")]
    [InlineData("""{"webhookEvent":"push","ref":"main"}""")]
    [InlineData("""{"webhookEvent":42}""")]
    [InlineData("\0\uFFFF")]
    public void Explain_NoJiraEvent_Rejects(string content)
    {
        var explanation = Explain(content);

        Assert.Equal("reject", explanation.Decision);
        Assert.Null(explanation.Event);
        Assert.NotEmpty(explanation.Reason);
    }

    [Fact]
    public void Explain_FileIsNotThere_Rejects() =>
        Assert.Equal("reject", new WebhookExplainer(new PolicySettings()).Explain(Path.Combine(_folder.FullName, "none.json")).Decision);

    [Fact]
    public void Explain_FileIsAFolder_Rejects() =>
        Assert.Equal("reject", new WebhookExplainer(new PolicySettings()).Explain(_folder.FullName).Decision);

    [Fact]
    public void Explain_LargerThanTheEndpointTakes_Rejects() => Assert.Equal("reject", Explain(new string(' ', 1024 * 1024 + 1)).Decision);

    [Fact]
    public void Explain_CreatedWithTheLabel_Starts()
    {
        var explanation = Explain(
            """{"webhookEvent":"jira:issue_created","issue":{"id":"7","key":"A1-2","fields":{"labels":["x","AgentSquad"]}}}""");

        Assert.Equal(("jira:issue_created", "A1-2", "start"), (explanation.Event, explanation.Ticket, explanation.Decision));
    }

    [Fact]
    public void Explain_TicketWithoutKey_IsNamedByItsId()
    {
        var explanation = Explain("""{"webhookEvent":"comment_created","comment":{"id":"1","self":"http://h/rest/api/2/issue/10013/comment/1"}}""");

        Assert.Equal(("#10013", "signal"), (explanation.Ticket, explanation.Decision));
    }

    [SkippableFact]
    public void Explain_EveryRecordedWebhook_IsDecided()
    {
        var folder = RepositoryPaths.InShared("atlassian", "webhooks");
        Skip.If(folder is null, "The recorded webhooks are not beside this repository.");
        var explainer = new WebhookExplainer(new PolicySettings { TriggerLabel = "test-label" });

        var explanations = WebhookFiles.Expand([folder!]).Select(explainer.Explain).ToList();

        Assert.True(explanations.Count >= 27);
        Assert.All(explanations, e => Assert.Contains(e.Decision, (string[])["start", "signal", "ignore"]));
        Assert.Equal(
            ["webhook-issue-created-no-description.json", "webhook-issue-created-with-security-level.json"],
            explanations.Where(e => e.Decision == "start").Select(e => Path.GetFileName(e.File)));
    }

    [Fact]
    public void Expand_FoldersPatternsAndUnknownNames_BecomeFilesInOrder()
    {
        foreach (var name in (string[])["b.json", "a.json", "c.txt"]) File.WriteAllText(Path.Combine(_folder.FullName, name), "");
        string At(string name) => Path.Combine(_folder.FullName, name);

        Assert.Equal([At("a.json"), At("b.json")], WebhookFiles.Expand([_folder.FullName]));
        Assert.Equal([At("c.txt"), At("none"), At("*.md")], WebhookFiles.Expand([At("*.txt"), At("none"), At("*.md")]));
    }

    private WebhookExplanation Explain(string content)
    {
        var file = Path.Combine(_folder.FullName, $"{Guid.NewGuid():N}.json");
        File.WriteAllText(file, content);
        return new WebhookExplainer(new PolicySettings()).Explain(file);
    }
}
