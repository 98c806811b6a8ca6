using System.Net;

namespace AgentSquad.Atlassian.Jira.Http;

/// <summary>Which answers may change with time, and how long a site asks to be left alone.</summary>
internal static class RetryAfter
{
    /// <summary>408, 425, 429 and 5xx, except 501 and 505, which will not change.</summary>
    public static bool IsTransient(HttpStatusCode status) =>
        status is HttpStatusCode.RequestTimeout or (HttpStatusCode)425 or HttpStatusCode.TooManyRequests
        || ((int)status >= 500 && status is not (HttpStatusCode.NotImplemented or HttpStatusCode.HttpVersionNotSupported));

    /// <summary>The header as a time from now; zero when it lies in the past; null when absent.</summary>
    public static TimeSpan? Of(HttpResponseMessage response)
    {
        var header = response.Headers.RetryAfter;
        var wait = header?.Delta ?? (header?.Date - DateTimeOffset.UtcNow);
        return wait is null ? null : TimeSpan.FromTicks(Math.Max(0, wait.Value.Ticks));
    }
}
