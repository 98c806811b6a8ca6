namespace Microsoft.Azure.Functions.Worker;

/// <summary>Which attempt an invocation is.</summary>
public abstract class RetryContext
{
    /// <summary>Attempts before this one.</summary>
    public abstract int RetryCount { get; }

    /// <summary>Attempts allowed after the first.</summary>
    public abstract int MaxRetryCount { get; }
}
