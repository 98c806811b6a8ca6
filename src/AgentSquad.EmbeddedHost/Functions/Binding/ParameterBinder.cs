using AgentSquad.EmbeddedHost.Functions.Invocation;

namespace AgentSquad.EmbeddedHost.Functions.Binding;

/// <summary>Fills one parameter.</summary>
/// <param name="Bind">Makes the value; throws when it cannot.</param>
internal sealed record ParameterBinder(Func<InvocationContext, ValueTask<object?>> Bind)
{
    /// <summary>Whether the value reaches for the task hub.</summary>
    public bool NeedsTaskHub { get; init; }

    /// <summary>A binder that has its value at once.</summary>
    public static ParameterBinder Of(Func<InvocationContext, object?> value) => new(context => ValueTask.FromResult(value(context)));
}
