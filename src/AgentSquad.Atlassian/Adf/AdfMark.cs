using System.Text.Json.Nodes;

namespace AgentSquad.Atlassian.Adf;

/// <summary>A mark on a text node.</summary>
/// <param name="Type">Such as <c>strong</c> or <c>link</c>.</param>
/// <param name="Attributes">The mark's <c>attrs</c>; null when it has none.</param>
internal sealed record AdfMark(string Type, JsonObject? Attributes = null)
{
    /// <summary>Address of a link mark; null for other marks.</summary>
    public string? Href => Type == "link" && Attributes?["href"] is JsonValue value && value.TryGetValue<string>(out var href) ? href : null;

    /// <summary>Whether two marks say the same.</summary>
    /// <param name="other">The other mark.</param>
    public bool Same(AdfMark other) => Type == other.Type && Href == other.Href && JsonNode.DeepEquals(Attributes, other.Attributes);
}
