using AgentSquad.EmbeddedHost.Orchestration.Hub;
using AgentSquad.EmbeddedHost.TaskHub;
using AgentSquad.EmbeddedHost.TaskHub.Storage;
using Microsoft.AspNetCore.Http;

namespace AgentSquad.EmbeddedHost.Http;

/// <summary>Answers for functions that failed: a status and no detail.</summary>
internal static class FailureAnswer
{
    /// <summary>Seconds after which a caller may try again while another process owns the hub.</summary>
    public const string RetryAfterSeconds = "5";

    /// <summary>Sets the status that stands for a failure.</summary>
    public static void Write(HttpContext http, Exception problem)
    {
        // Whoever has hung up is told nothing, least of all that the host has failed.
        if (http.Response.HasStarted || http.RequestAborted.IsCancellationRequested)
        {
            http.Abort();
            return;
        }

        http.Response.Clear();
        http.Response.StatusCode = StatusOf(problem);
        if (http.Response.StatusCode == StatusCodes.Status503ServiceUnavailable) http.Response.Headers.RetryAfter = RetryAfterSeconds;
    }

    /// <summary>The status that stands for a failure.</summary>
    public static int StatusOf(Exception problem)
    {
        for (var cause = problem; cause is not null; cause = cause.InnerException)
        {
            if (cause is BadHttpRequestException bad) return bad.StatusCode;
            if (cause is TaskHubLostException or TaskHubUnavailableException or HubStorageException) return StatusCodes.Status503ServiceUnavailable;
        }

        return StatusCodes.Status500InternalServerError;
    }
}
