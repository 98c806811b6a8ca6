using Microsoft.Azure.Functions.Worker;

namespace AgentSquad.EmbeddedHost.Functions.Invocation;

/// <summary>Middleware's handle on the result of an invocation.</summary>
internal sealed class FeatureInvocationResult(FunctionContext context) : InvocationResult
{
    private readonly InvocationResultFeature _feature = InvocationResultFeatureExtensions.Of(context);

    public override object? Value
    {
        get => _feature.Value;
        set => _feature.Value = value;
    }
}

/// <summary>Middleware's typed handle on the result of an invocation.</summary>
internal sealed class FeatureInvocationResult<T> : InvocationResult<T>
{
    private readonly InvocationResultFeature _feature;

    public FeatureInvocationResult(FunctionContext context)
    {
        _feature = InvocationResultFeatureExtensions.Of(context);
        if (_feature.Value is not null and not T)
            throw new InvalidOperationException($"Requested type '{typeof(T)}' does not match the type of the invocation result '{_feature.Value.GetType()}'.");
    }

    public override T? Value
    {
        get => (T?)_feature.Value;
        set => _feature.Value = value;
    }
}

/// <summary>Reaches the result of an invocation.</summary>
internal static class InvocationResultFeatureExtensions
{
    /// <summary>The context's result; made on first use.</summary>
    public static InvocationResultFeature Of(FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var feature = context.Features.Get<InvocationResultFeature>();
        if (feature is null) context.Features.Set(feature = new InvocationResultFeature());
        return feature;
    }
}
