using System.Text;
using System.Text.Json.Nodes;

namespace AgentSquad.JiraSandbox.Text;

/// <summary>Reads parts of ADF nodes without trusting their shape.</summary>
internal static class AdfText
{
    /// <summary>Children of a node; empty when it has none.</summary>
    public static IEnumerable<JsonObject> Children(JsonObject node) => (node["content"] as JsonArray ?? []).OfType<JsonObject>();

    /// <summary>Type of a node; empty when it has none.</summary>
    public static string Type(JsonObject node) => String(node["type"]) ?? "";

    /// <summary>An attribute as text, or null.</summary>
    public static string? Attribute(JsonObject node, string name) => String((node["attrs"] as JsonObject)?[name]);

    /// <summary>A value as text, or null when it is no scalar.</summary>
    public static string? String(JsonNode? node) => node is JsonValue value ? value.ToString() : null;

    /// <summary>The text that a reader sees, one line per block.</summary>
    public static string Plain(JsonObject document)
    {
        var text = new StringBuilder();
        Append(document, text);
        return text.ToString().Trim();
    }

    private static void Append(JsonObject node, StringBuilder text)
    {
        switch (Type(node))
        {
            case "text": text.Append(String(node["text"])); return;
            case "hardBreak": text.Append('\n'); return;
            case "mention" or "status" or "emoji": text.Append(Attribute(node, "text") ?? Attribute(node, "shortName")); return;
            case "inlineCard" or "blockCard": text.Append(Attribute(node, "url")); return;
            case "date": text.Append(AdfDate.Format(Attribute(node, "timestamp"))); return;
        }

        foreach (var child in Children(node)) Append(child, text);
        if (Type(node) is "paragraph" or "heading" or "codeBlock" or "taskItem" or "decisionItem" or "tableRow" && text is not [.., '\n'])
            text.Append('\n');
    }
}

/// <summary>Dates inside ADF.</summary>
internal static class AdfDate
{
    /// <summary>A timestamp in milliseconds as yyyy-MM-dd, or the text itself when it is none.</summary>
    public static string Format(string? timestamp) =>
        long.TryParse(timestamp, out var milliseconds) && milliseconds is > -62_135_596_800_000 and < 253_402_300_800_000
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString("yyyy-MM-dd")
            : timestamp ?? "";
}
