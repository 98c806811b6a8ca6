using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using AgentSquad.Atlassian.Jira;
using AgentSquad.Atlassian.Tests.Fakes;
using Microsoft.AspNetCore.Http;

namespace AgentSquad.Atlassian.Tests.Jira;

public sealed class JiraResilienceTests : IAsyncDisposable
{
    private readonly FakeJira _site = new();

    public async ValueTask DisposeAsync() => await _site.DisposeAsync();

    [Fact]
    public async Task GetTicket_SiteInTroubleFirst_TriesAgain()
    {
        var answers = new Queue<int>([503, 429, 502]);
        _site.Intercept = async (context, _) =>
        {
            if (!answers.TryDequeue(out var status)) return false;
            await FakeSite.WriteAsync(context, status, new JsonObject());
            return true;
        };
        await using var jira = new JiraUnderTest(_site.Address);

        Assert.Equal("TEST-1", (await jira.Client.GetTicketAsync("10001", default)).Key);
        Assert.Equal(4, _site.Count("GET"));
    }

    [Fact]
    public async Task GetTicket_ConnectionLostWithinTheAnswer_TriesAgain()
    {
        var first = true;
        _site.Intercept = async (context, _) =>
        {
            if (!first) return false;
            first = false;
            context.Response.ContentLength = 1000;
            await context.Response.WriteAsync("{\"id\":");
            await context.Response.Body.FlushAsync();
            context.Abort();
            return true;
        };
        await using var jira = new JiraUnderTest(_site.Address);

        Assert.Equal("TEST-1", (await jira.Client.GetTicketAsync("10001", default)).Key);
    }

    // The client passes on as it is what the socket says of a connection that is closed while it is being opened.
    [Fact]
    public async Task GetTicket_ConnectionClosedWhileItOpens_TriesAgain()
    {
        using var closing = new ClosingConnection();
        await using var jira = new JiraUnderTest(_site.Address, TimeProvider.System, () => closing);

        Assert.Equal("TEST-1", (await jira.Client.GetTicketAsync("10001", default)).Key);
        Assert.Equal(2, closing.Requests);
    }

    [Fact]
    public async Task GetTicket_RetryAfterZeroForever_GivesUp()
    {
        _site.Intercept = Refuse(429, ("Retry-After", "0"));
        await using var jira = new JiraUnderTest(_site.Address);

        var error = await Assert.ThrowsAsync<JiraException>(() => jira.Client.GetTicketAsync("10001", default));

        Assert.Equal((JiraFailure.RateLimited, true, false), (error.Failure, error.IsTransient, error.OutcomeUnknown));
        Assert.Equal(4, _site.Count("GET"));
    }

    [Fact]
    public async Task GetTicket_RetryAfterTooLong_IsTheCallersToWait()
    {
        _site.Intercept = Refuse(503, ("Retry-After", "3600"));
        await using var jira = new JiraUnderTest(_site.Address);

        var error = await Assert.ThrowsAsync<JiraException>(() => jira.Client.GetTicketAsync("10001", default));

        Assert.Equal(TimeSpan.FromHours(1), error.RetryAfter);
        Assert.Equal(1, _site.Count("GET"));
    }

    [Theory]
    [InlineData(503, true)]
    [InlineData(429, false)]
    [InlineData(400, false)]
    public async Task AddComment_SiteRefuses_IsSentOnce(int status, bool outcomeUnknown)
    {
        _site.Intercept = Refuse(status);
        await using var jira = new JiraUnderTest(_site.Address);

        var error = await Assert.ThrowsAsync<JiraException>(() => jira.Client.AddCommentAsync("10001", new CommentDraft("x"), default));

        Assert.Equal(outcomeUnknown, error.OutcomeUnknown);
        Assert.Equal(1, _site.Count("POST"));
    }

    [Fact]
    public async Task AddComment_ConnectionLostAfterTheWrite_IsSentOnceAndItsOutcomeUnknown()
    {
        _site.Intercept = _site.DropAfter("POST", "/comment", 5);
        await using var jira = new JiraUnderTest(_site.Address);

        // On a connection that was used before, an HTTP client may resend silently.
        await jira.Client.GetMyselfAsync(default);
        var error = await Assert.ThrowsAsync<JiraException>(() => jira.Client.AddCommentAsync("10001", new CommentDraft("x"), default));

        Assert.Equal((JiraFailure.Unreachable, true, true), (error.Failure, error.IsTransient, error.OutcomeUnknown));
        Assert.Single(_site.Comments);
    }

    [Fact]
    public async Task AddAttachment_AnsweredWithAPage_HasAnUnknownOutcome()
    {
        _site.Intercept = async (context, request) =>
        {
            if (!request.Path.EndsWith("/attachments", StringComparison.Ordinal)) return false;
            await context.Response.WriteAsync("<html>Done</html>");
            return true;
        };
        await using var jira = new JiraUnderTest(_site.Address);

        var error = await Assert.ThrowsAsync<JiraException>(() => jira.Get<IJiraSite>().AddAttachmentAsync("10001", "a.txt", "x"u8.ToArray(), default));

        Assert.True(error.OutcomeUnknown);
    }

    [Fact]
    public async Task GetTicket_NoAnswerInTime_SaysWhichSetting()
    {
        _site.Intercept = async (context, _) =>
        {
            var gone = new TaskCompletionSource();
            await using var registration = context.RequestAborted.Register(gone.SetResult);
            await gone.Task;
            return true;
        };
        await using var jira = new JiraUnderTest(_site.Address, ("Jira:RequestTimeout", "00:00:00.2"), ("Jira:ReadRetries", "0"));

        var error = await Assert.ThrowsAsync<JiraException>(() => jira.Client.GetTicketAsync("10001", default));

        Assert.Contains("Jira__RequestTimeout", error.Message, StringComparison.Ordinal);
        Assert.True(error.OutcomeUnknown);
    }

    [Fact]
    public async Task GetTicket_NobodyThere_SaysSo()
    {
        await _site.DisposeAsync();
        await using var jira = new JiraUnderTest(_site.Address);

        var error = await Assert.ThrowsAsync<JiraException>(() => jira.Client.GetTicketAsync("10001", default));

        Assert.Equal((JiraFailure.Unreachable, null, false), (error.Failure, error.StatusCode, error.OutcomeUnknown));
        Assert.Contains("Jira__BaseUrl", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, null, null, JiraFailure.Unauthorized, "Jira__ApiToken")]
    [InlineData(401, "X-Seraph-LoginReason", "AUTHENTICATION_DENIED", JiraFailure.Captcha, "captcha")]
    [InlineData(404, "X-Seraph-LoginReason", "AUTHENTICATED_FAILED", JiraFailure.Unauthorized, "Jira__ApiToken")]
    [InlineData(403, "X-Seraph-LoginReason", "AUTHENTICATED_FAILED", JiraFailure.Unauthorized, "Jira__ApiToken")]
    [InlineData(403, "X-Authentication-Denied-Reason", "CAPTCHA_CHALLENGE; login-url=https://x/login.jsp", JiraFailure.Captcha, "browser")]
    [InlineData(403, null, null, JiraFailure.Forbidden, "permission")]
    [InlineData(404, null, null, JiraFailure.NotFound, "Browse permission")]
    [InlineData(409, null, null, JiraFailure.Conflict, "someone else")]
    [InlineData(302, "Location", "https://x/login.jsp", JiraFailure.NotJira, "Jira__BaseUrl")]
    [InlineData(302, "Location", "/secure/SetupMode!default.jspa", JiraFailure.NotSetUp, "wizard")]
    [InlineData(500, null, null, JiraFailure.Unavailable, "trouble")]
    public async Task GetTicket_SiteRefuses_NamesCauseAndFix(int status, string? header, string? value, JiraFailure failure, string fix)
    {
        _site.Intercept = header is null ? Refuse(status) : Refuse(status, (header, value!));
        await using var jira = new JiraUnderTest(_site.Address);

        var error = await Assert.ThrowsAsync<JiraException>(() => jira.Client.GetTicketAsync("10001", default));

        Assert.Equal(failure, error.Failure);
        Assert.Equal((HttpStatusCode)status, error.StatusCode);
        Assert.Contains(fix, error.Message, StringComparison.Ordinal);
        Assert.Contains("echo *** back", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(JiraUnderTest.Token, error + string.Concat(jira.Log), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(503, "<html><a href=\"/secure/SetupMode!default.jspa\">Continue</a></html>", JiraFailure.NotSetUp)]
    [InlineData(200, "<html>Welcome</html>", JiraFailure.NotJira)]
    public async Task GetTicket_PageForPeople_IsToldFromTheApi(int status, string page, JiraFailure failure)
    {
        _site.Intercept = async (context, _) =>
        {
            context.Response.StatusCode = status;
            await context.Response.WriteAsync(page);
            return true;
        };
        await using var jira = new JiraUnderTest(_site.Address, ("Jira:ReadRetries", "0"));

        var error = await Assert.ThrowsAsync<JiraException>(() => jira.Client.GetTicketAsync("10001", default));

        Assert.Equal((failure, false), (error.Failure, error.IsTransient));
    }

    private static Func<HttpContext, ReceivedRequest, Task<bool>> Refuse(int status, params (string Name, string Value)[] headers) => async (context, _) =>
    {
        foreach (var (name, value) in headers) context.Response.Headers[name] = value;
        await FakeSite.WriteAsync(context, status, FakeJira.Error($"echo {JiraUnderTest.Token} back"));
        return true;
    };

    private sealed class ClosingConnection : DelegatingHandler
    {
        public int Requests { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            ++Requests == 1 ? throw new SocketException((int)SocketError.NotConnected) : base.SendAsync(request, cancellationToken);
    }
}
