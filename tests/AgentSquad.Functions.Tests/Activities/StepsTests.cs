using System.Net;
using AgentSquad.Atlassian.Jira;
using AgentSquad.Functions.Activities;
using AgentSquad.Functions.Run;
using Azure;

namespace AgentSquad.Functions.Tests.Activities;

/// <summary>What failures mean to a run: sit it out, tell a person, or end.</summary>
public sealed class StepsTests
{
    public static TheoryData<Exception> Outages() =>
    [
        new AggregateException("Retry failed after 4 tries.", new TaskCanceledException(), new TaskCanceledException()),
        new AggregateException("Retry failed after 4 tries.", new TaskCanceledException(), new RequestFailedException(503, "busy"), new IOException()),
        new TaskCanceledException("The request was canceled.", new TimeoutException()),
        new RequestFailedException(0, "no answer"),
        new HttpRequestException(),
    ];

    [Theory]
    [MemberData(nameof(Outages))]
    public Task Outage_OfAService_IsSatOut(Exception exception) => Assert.ThrowsAsync<TransientStepException>(() => ThrowAsync(exception));

    [Fact]
    public async Task SeveralFailures_NotAllOfThemOutages_StayWhatTheyAre()
    {
        var bug = new AggregateException(new TaskCanceledException(), new InvalidOperationException());

        Assert.Same(bug, await Assert.ThrowsAsync<AggregateException>(() => ThrowAsync(bug)));
        await Assert.ThrowsAsync<TaskCanceledException>(() => ThrowAsync(new TaskCanceledException()));
    }

    [Fact]
    public async Task TicketNotFound_ByWhoIsNotLoggedIn_NeedsAPersonAndIsNotGone()
    {
        const string fix = "Check Jira__ApiToken.";
        var refused = new JiraException(fix) { StatusCode = HttpStatusCode.NotFound, Failure = JiraFailure.Unauthorized };

        Assert.Equal(fix, (await Assert.ThrowsAsync<PermanentStepException>(() => ThrowAsync(refused))).Message);
        await Assert.ThrowsAsync<TicketGoneException>(
            () => ThrowAsync(new JiraException("gone") { StatusCode = HttpStatusCode.NotFound, Failure = JiraFailure.NotFound }));
    }

    private static Task<string> ThrowAsync(Exception exception) => Steps.RunAsync(() => Task.FromException<string>(exception));
}
