using AgentSquad.Atlassian.Jira;
using AgentSquad.Core.Squad;
using AgentSquad.Functions.Activities;
using AgentSquad.Functions.Run;
using AgentSquad.Functions.Tests.Support;
using Moq;

namespace AgentSquad.Functions.Tests.Activities;

/// <summary>What a retry goes on with: the end of the run that began last, or nothing.</summary>
[Collection(StorageTests.Name)]
public sealed class OpenRunTests(StorageFixture storage)
{
    private readonly RunActivities _books = TestSquad.Books(storage.NewAccount(), Mock.Of<IJiraClient>());

    [Fact]
    public async Task Retry_AfterARunThatWasTerminated_DoesNotGoOnWithTheOneBeforeIt()
    {
        await OpenAsync("a", isRetry: false);
        await EndAsync("a", "a", attempt: 1, RunStage.Failed);
        await OpenAsync("b", isRetry: false);

        Assert.Null((await OpenAsync("c", isRetry: true)).Resumed);
        Assert.Null((await OpenAsync("c", isRetry: true)).Resumed);
    }

    [Fact]
    public async Task Retry_AfterAnAttemptThatWasTerminated_GoesOnWithItsRunAsAnotherAttempt()
    {
        await OpenAsync("a", isRetry: false);
        await EndAsync("a", "a", attempt: 1, RunStage.Failed);

        Assert.Equal(("a", 1), Of(await OpenAsync("b", isRetry: true)));
        Assert.Equal(("a", 2), Of(await OpenAsync("c", isRetry: true)));
        Assert.Equal(("a", 2), Of(await OpenAsync("c", isRetry: true)));
        await EndAsync("a", "c", attempt: 3, RunStage.Stopped);
        Assert.Equal(("a", 3), Of(await OpenAsync("d", isRetry: true)));
    }

    private static (string?, int?) Of(OpenCard card) => (card.Resumed?.RunId, card.Resumed?.Attempt);

    private Task<OpenCard> OpenAsync(string startedBy, bool isRetry) =>
        _books.OpenRun(new OpenInput(Run(startedBy), startedBy, "TEST-10", CommentId: null, isRetry), TestRequest.Context());

    private Task<TicketRunState?> EndAsync(string runId, string startedBy, int attempt, RunStage end)
    {
        var ended = TicketScript.Input();
        (ended.RunId, ended.StartedBy, ended.Attempt, ended.Stage) = (runId, startedBy, attempt, end);
        return _books.CloseRun(new CloseInput(Run(runId), startedBy, TestEvents.Site, ended), TestRequest.Context());
    }

    private static RunRef Run(string runId) => new(TestRuns.InstanceId("10"), runId, "10");
}
