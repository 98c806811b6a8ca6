namespace AgentSquad.Agents.Models;

/// <summary>A call of a model brought no answer. The message is fit for a ticket.</summary>
internal sealed class ModelCallException : Exception
{
    public ModelCallException(string message) : base(message) { }

    public ModelCallException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>Whether it may pass by itself.</summary>
    public bool IsTransient { get; init; }

    /// <summary>Whether the service asked to wait because of too many requests; it is well otherwise.</summary>
    public bool IsRateLimit { get; init; }

    /// <summary>How long the service asked to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether the service may ask money for it.</summary>
    public bool MayHaveCost { get; init; }
}
