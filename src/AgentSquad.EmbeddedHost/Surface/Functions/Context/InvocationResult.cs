namespace Microsoft.Azure.Functions.Worker;

/// <summary>What the invocation returns; middleware may look at it and replace it after the function ran.</summary>
public abstract class InvocationResult : InvocationResult<object>
{
}

/// <summary>What the invocation returns, typed.</summary>
public abstract class InvocationResult<T>
{
    /// <summary>The value.</summary>
    public abstract T? Value { get; set; }
}
