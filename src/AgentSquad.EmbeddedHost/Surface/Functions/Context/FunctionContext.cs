namespace Microsoft.Azure.Functions.Worker;

/// <summary>One invocation of a function.</summary>
public abstract class FunctionContext
{
    /// <summary>Id of this invocation, unique.</summary>
    public abstract string InvocationId { get; }

    /// <summary>Id of the function, stable across restarts.</summary>
    public abstract string FunctionId { get; }

    /// <summary>Distributed tracing.</summary>
    public abstract TraceContext TraceContext { get; }

    /// <summary>What the trigger knows beside its value.</summary>
    public abstract BindingContext BindingContext { get; }

    /// <summary>Which attempt this is.</summary>
    public abstract RetryContext RetryContext { get; }

    /// <summary>The invocation's own service scope.</summary>
    public abstract IServiceProvider InstanceServices { get; set; }

    /// <summary>The function that runs.</summary>
    public abstract FunctionDefinition FunctionDefinition { get; }

    /// <summary>A place for middleware to leave things for each other and for the function.</summary>
    public abstract IDictionary<object, object> Items { get; set; }

    /// <summary>Features of this invocation.</summary>
    public abstract IInvocationFeatures Features { get; }

    /// <summary>Cancelled when the invocation should end: its client went away, its time is over, or the host stops.</summary>
    public virtual CancellationToken CancellationToken { get; }
}
