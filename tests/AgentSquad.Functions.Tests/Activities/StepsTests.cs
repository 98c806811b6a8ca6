using System.Net;
using AgentSquad.Atlassian.Jira;
using AgentSquad.Functions.Activities;
using AgentSquad.Functions.Run;

namespace AgentSquad.Functions.Tests.Activities;

/// <summary>What failures mean to a run: sit it out, tell a person, or end.</summary>
public sealed class StepsTests
{
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
