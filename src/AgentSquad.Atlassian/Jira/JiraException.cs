using System.Net;

namespace AgentSquad.Atlassian.Jira;

/// <summary>A Jira site refused a request or could not be reached. The message names the cause and, where there is one, the fix; no secret.</summary>
public sealed class JiraException : Exception
{
    /// <summary>Creates the exception.</summary>
    public JiraException() { }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">Cause and fix.</param>
    public JiraException(string message) : base(message) { }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">Cause and fix.</param>
    /// <param name="innerException">The cause.</param>
    public JiraException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>The status that the site answered; null when there was no answer.</summary>
    public HttpStatusCode? StatusCode { get; init; }

    /// <summary>Whether the same request may succeed later: no answer, 408, 429 or 5xx.</summary>
    public bool IsTransient { get; init; }
}
