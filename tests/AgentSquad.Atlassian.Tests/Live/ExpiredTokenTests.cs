using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AgentSquad.Atlassian.Jira;

namespace AgentSquad.Atlassian.Tests.Live;

/// <summary>A token that expired must not look like tickets that are gone: Cloud answers 404 then.</summary>
public sealed class ExpiredTokenTests
{
    [Fact]
    public async Task WrongToken_OnCloud_IsNamedAndNothingCountsAsGone()
    {
        await using var sandbox = await SandboxProcess.StartAsync("Cloud");
        var key = await CreateAsync(sandbox);
        await using var expired = Site(sandbox, "expired");

        foreach (var ask in (Func<Task>[])[
            () => expired.Jira.GetTicketAsync(key, default),
            () => expired.Jira.GetCommentAsync(key, "1", default),
            () => expired.Effects.EnsureCommentAsync(key, new CommentDraft("Text", new CommentEffect("k", "i", "status")), "1", default)])
        {
            var error = await Assert.ThrowsAsync<JiraException>(ask);
            Assert.Equal((JiraFailure.Unauthorized, false, false), (error.Failure, error.IsMissing, error.IsTransient));
            Assert.Contains("Jira__ApiToken", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("""{"kind":"expiredToken","path":"*/myself","count":-1}""", JiraFailure.Unauthorized, false)]
    [InlineData("""{"kind":"status","status":503,"path":"*/myself","count":-1}""", JiraFailure.Unavailable, false)]
    [InlineData("""{"kind":"status","status":403,"path":"*/myself","count":-1}""", JiraFailure.NotFound, true)]
    [InlineData(null, JiraFailure.NotFound, true)]
    public async Task TicketNotFound_WithoutAReason_IsGoneOnlyForWhoIsLoggedIn(string? fault, JiraFailure failure, bool isMissing)
    {
        await using var sandbox = await SandboxProcess.StartAsync("Cloud");
        await using var site = Site(sandbox, SandboxProcess.Token);
        using var admin = new HttpClient { BaseAddress = new Uri(sandbox.Url) };
        if (fault is not null) (await admin.PostAsJsonAsync("/sandbox/faults", JsonNode.Parse(fault))).EnsureSuccessStatusCode();

        var error = await Assert.ThrowsAsync<JiraException>(() => site.Jira.GetTicketAsync("TEST-404", default));

        Assert.Equal((failure, isMissing), (error.Failure, error.IsMissing));
        if (fault is not null) return;
        var requests = await admin.GetFromJsonAsync<JsonArray>("/sandbox/requests");
        Assert.Equal(1, requests!.Count(request => request!["path"]!.GetValue<string>().EndsWith("/myself", StringComparison.Ordinal)));
    }

    private static async Task<string> CreateAsync(SandboxProcess sandbox)
    {
        await using var site = Site(sandbox, SandboxProcess.Token);
        return (await site.Jira.CreateTicketAsync(new TicketDraft("TEST", "Task", "CSV export"), default)).Key;
    }

    private static LiveSite Site(SandboxProcess sandbox, string token) => new(new Dictionary<string, string?>
    {
        ["JIRA_URL"] = sandbox.Url, ["JIRA_USERNAME"] = SandboxProcess.Email, ["JIRA_API_TOKEN"] = token, ["Jira__RetryDelay"] = "00:00:00.005",
        ["Jira__LateWriteWait"] = "00:00:00",
    });
}
