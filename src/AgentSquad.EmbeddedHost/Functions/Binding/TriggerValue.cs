using System.Collections.Immutable;

namespace AgentSquad.EmbeddedHost.Functions.Binding;

/// <summary>What a trigger hands to its function.</summary>
/// <param name="Value">The value that the trigger's parameter is made of.</param>
/// <param name="Data">What else the trigger knows, by name without regard to case.</param>
internal sealed record TriggerValue(object? Value, IReadOnlyDictionary<string, object?> Data)
{
    /// <summary>No further data.</summary>
    public static readonly IReadOnlyDictionary<string, object?> NoData = ImmutableDictionary<string, object?>.Empty;
}
