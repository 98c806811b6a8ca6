using System.Net;

namespace AgentSquad.Atlassian.Jira;

/// <summary>A Jira or Confluence site refused a request or could not be reached. The message names the cause and, where there is one, the fix; no secret.</summary>
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

    /// <summary>Why, in the client's own terms.</summary>
    public JiraFailure Failure { get; init; }

    /// <summary>
    /// Whether what the request is about is not there. False when the site did not accept who asks: a Cloud shows such callers nothing, so its
    /// 404 to them says nothing.
    /// </summary>
    public bool IsMissing => StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone && Failure is not (JiraFailure.Unauthorized or JiraFailure.Captcha);

    /// <summary>When the site asked to be left alone for a time: how long. Null otherwise.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>
    /// Whether a write may have happened although it failed: no answer came, or one that says nothing about it. False means that the site
    /// refused it, or that it was never sent.
    /// </summary>
    public bool OutcomeUnknown { get; init; }

    /// <summary>Whether the same request may succeed later: no answer, 408, 429 or 5xx.</summary>
    public bool IsTransient { get; init; }
}
