using AgentSquad.JiraSandbox.Rest;

namespace AgentSquad.JiraSandbox.Faults;

/// <summary>Lets the switched-on faults happen to REST requests.</summary>
internal sealed class FaultInjection(RequestDelegate next, FaultBoard board, TimeProvider time)
{
    /// <summary>Handles a request.</summary>
    public async Task InvokeAsync(HttpContext http)
    {
        var guarded = http.Request.Path.StartsWithSegments("/rest", StringComparison.Ordinal) || http.Request.Path.StartsWithSegments("/wiki", StringComparison.Ordinal);
        if (!guarded || board.Meet(http.Request) is not { } fault)
        {
            await next(http);
            return;
        }

        http.Items["fault"] = fault.Kind.ToString();
        switch (fault.Kind)
        {
            case FaultKind.Status:
                if (fault.RetryAfter is not null) http.Response.Headers.RetryAfter = fault.RetryAfter;
                await Answers.WriteAsync(http, new JiraRefusal(fault.Status == 429 ? "Rate limit exceeded." : "The sandbox was told to fail.") { Status = fault.Status });
                break;
            case FaultKind.Slow:
                await HoldAsync(http);
                await Task.Delay(fault.Delay, time, CancellationToken.None);
                await next(http);
                break;
            case FaultKind.DropBefore:
                http.Abort();
                break;
            case FaultKind.DropAfter:
                await HoldAsync(http);
                await UnansweredAsync(http);
                http.Abort();
                break;
            case FaultKind.Late:
                await HoldAsync(http);
                http.Abort();
                await Task.Delay(fault.Delay, time, CancellationToken.None);
                await UnansweredAsync(http);
                break;
            case FaultKind.ExpiredToken:
                await Authentication.RefuseAsync(http, "AUTHENTICATED_FAILED");
                break;
            case FaultKind.Captcha:
                http.Response.Headers["X-Authentication-Denied-Reason"] = "CAPTCHA_CHALLENGE; login-url=/login.jsp";
                await Authentication.RefuseAsync(http, "AUTHENTICATION_DENIED");
                break;
            case FaultKind.SetupUnfinished:
                http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                http.Response.ContentType = "text/html;charset=UTF-8";
                await http.Response.WriteAsync("<html><head><title>JIRA - Set up</title></head><body>Jira is being set up.</body></html>");
                break;
        }
    }

    // The whole request is read first, so that it can be carried out after its connection is gone.
    private static async Task HoldAsync(HttpContext http)
    {
        var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, CancellationToken.None);
        body.Position = 0;
        http.Request.Body = body;
        http.Response.RegisterForDispose(body);
    }

    private async Task UnansweredAsync(HttpContext http)
    {
        var answer = http.Response.Body;
        using var nowhere = new MemoryStream();
        http.Response.Body = nowhere;
        await next(http);
        http.Response.Body = answer;
    }
}
