using System.Collections.Immutable;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>W3C trace context of an invocation.</summary>
public abstract class TraceContext
{
    /// <summary>The traceparent value.</summary>
    public abstract string TraceParent { get; }

    /// <summary>The tracestate value.</summary>
    public abstract string TraceState { get; }

    /// <summary>Further attributes.</summary>
    public virtual IReadOnlyDictionary<string, string> Attributes => ImmutableDictionary<string, string>.Empty;
}
