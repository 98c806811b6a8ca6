namespace AgentSquad.EmbeddedHost.Orchestration.History;

/// <summary>A serialized input, output, event or status: its text, or the name of the blob that a large one was moved to.</summary>
/// <param name="Value">The text, or the blob's name; null for no payload.</param>
/// <param name="IsBlob">Whether <paramref name="Value"/> names a blob.</param>
internal readonly record struct Payload(string? Value, bool IsBlob = false)
{
    public static readonly Payload None;
}
