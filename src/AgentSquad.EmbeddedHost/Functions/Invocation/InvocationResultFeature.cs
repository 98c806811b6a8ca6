namespace AgentSquad.EmbeddedHost.Functions.Invocation;

/// <summary>Holds what the function, or middleware in its place, returned.</summary>
internal sealed class InvocationResultFeature
{
    /// <summary>The value as returned, with any task unwrapped.</summary>
    public object? Value { get; set; }
}
