namespace AgentSquad.Atlassian.Webhooks;

/// <summary>A body is no Jira event. The message says what is missing; it never quotes the body.</summary>
public sealed class WebhookFormatException : FormatException
{
    /// <summary>Creates the exception.</summary>
    public WebhookFormatException() { }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is missing.</param>
    public WebhookFormatException(string message) : base(message) { }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is missing.</param>
    /// <param name="innerException">The cause.</param>
    public WebhookFormatException(string message, Exception innerException) : base(message, innerException) { }
}
