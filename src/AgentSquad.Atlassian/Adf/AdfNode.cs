using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentSquad.Atlassian.Json;

namespace AgentSquad.Atlassian.Adf;

/// <summary>A node of the Atlassian Document Format. Reading is tolerant: any JSON gives a node, what is no node is left out.</summary>
internal sealed class AdfNode
{
    /// <summary>Deeper nesting than any editor makes; what lies below is read as text.</summary>
    private const int MaxDepth = 60;

    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 512 };

    /// <summary>Writes JSON with its text as people count it, not as escapes.</summary>
    internal static JsonSerializerOptions Unescaped => Compact;

    /// <summary>Creates a node.</summary>
    /// <param name="type">The node's type, such as <c>paragraph</c>.</param>
    /// <param name="content">Its children.</param>
    public AdfNode(string type, params IEnumerable<AdfNode> content)
    {
        Type = type;
        Content.AddRange(content);
    }

    /// <summary>The node's type, such as <c>paragraph</c>.</summary>
    public string Type { get; }

    /// <summary>The node's <c>attrs</c>; null when it has none.</summary>
    public JsonObject? Attributes { get; init; }

    /// <summary>The children.</summary>
    public List<AdfNode> Content { get; } = [];

    /// <summary>The marks.</summary>
    public List<AdfMark> Marks { get; } = [];

    /// <summary>The text of a text node; null on others.</summary>
    public string? Text { get; init; }

    /// <summary>Creates a text node.</summary>
    /// <param name="text">The text; half surrogate pairs are replaced, because no JSON can carry them.</param>
    /// <param name="marks">Its marks.</param>
    public static AdfNode OfText(string text, params IEnumerable<AdfMark> marks)
    {
        var node = new AdfNode("text") { Text = WellFormed(text) };
        node.Marks.AddRange(marks);
        return node;
    }

    /// <summary>Reads a document, or any JSON.</summary>
    /// <param name="element">The JSON; a string becomes a document of one paragraph.</param>
    public static AdfNode Read(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => ReadNode(element, 0) ?? new AdfNode("doc"),
        JsonValueKind.String => new AdfNode("doc", new AdfNode("paragraph", OfText(element.Text() ?? ""))),
        JsonValueKind.Array => new AdfNode("doc", element.EnumerateArray().Select(item => ReadNode(item, 1)).OfType<AdfNode>()),
        _ => new AdfNode("doc"),
    };

    /// <summary>An attribute as text; null when it is absent or no text, number or boolean.</summary>
    /// <param name="name">The attribute's name.</param>
    public string? Attribute(string name) => Attributes?[name] is JsonValue value
        ? value.GetValueKind() switch
        {
            JsonValueKind.String => value.GetValue<string>(),
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.ToJsonString(),
            _ => null,
        }
        : null;

    /// <summary>The node as JSON; a root <c>doc</c> gets its version.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["type"] = Type };
        if (Type == "doc") json["version"] = 1;
        if (Text is not null) json["text"] = Text;
        if (Attributes is not null) json["attrs"] = Attributes.DeepClone();
        if (Marks.Count > 0) json["marks"] = new JsonArray([.. Marks.Select(MarkJson)]);
        if (Content.Count > 0 || Type is "doc" or "paragraph" or "tableCell" or "tableHeader")
        {
            json["content"] = new JsonArray([.. Content.Select(child => (JsonNode)child.ToJson())]);
        }

        return json;
    }

    /// <summary>All text below this node, in order.</summary>
    public string PlainText() => Text ?? string.Concat(Content.Select(child => child.PlainText()));

    private static JsonNode MarkJson(AdfMark mark)
    {
        var json = new JsonObject { ["type"] = mark.Type };
        if (mark.Attributes is not null) json["attrs"] = mark.Attributes.DeepClone();
        return json;
    }

    private static AdfNode? ReadNode(JsonElement element, int depth)
    {
        if (element.ValueKind != JsonValueKind.Object) return element.Text() is { Length: > 0 } loose ? OfText(loose) : null;
        if (depth > MaxDepth) return OfText(AllText(element));
        var type = element.Text("type") ?? (element.Child("text") is null ? "doc" : "text");
        var node = new AdfNode(type, element.Items("content").Select(item => ReadNode(item, depth + 1)).OfType<AdfNode>())
        {
            Attributes = ObjectOf(element.ObjectChild("attrs")),
            Text = type == "text" ? WellFormed(element.Text("text") ?? "") : null,
        };
        foreach (var mark in element.Items("marks"))
        {
            if (mark.Text("type") is { } name) node.Marks.Add(new AdfMark(name, ObjectOf(mark.ObjectChild("attrs"))));
        }

        return node;
    }

    private static JsonObject? ObjectOf(JsonElement? element) => element is { } present ? Copy(present) as JsonObject : null;

    // Attributes are written again, which half surrogate pairs would prevent: they are replaced, and names that hold them left out.
    private static JsonNode? Copy(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var result = new JsonObject();
                foreach (var property in element.EnumerateObject())
                {
                    if (NameOf(property) is { } name) result[name] = Copy(property.Value);
                }

                return result;
            case JsonValueKind.Array:
                return new JsonArray([.. element.EnumerateArray().Select(Copy)]);
            case JsonValueKind.String:
                return JsonValue.Create(WellFormed(element.Text() ?? ""));
            case JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False:
                return JsonValue.Create(element.Clone());
            default:
                return null;
        }
    }

    private static string? NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string AllText(JsonElement root)
    {
        var text = new System.Text.StringBuilder();
        var open = new Stack<JsonElement>([root]);
        while (open.TryPop(out var element))
        {
            if (element.Text("text") is { } own) text.Append(own);
            foreach (var child in element.Items("content").Reverse()) open.Push(child);
        }

        return text.ToString();
    }

    private static string WellFormed(string text)
    {
        var clean = true;
        for (var i = 0; i < text.Length && clean; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            clean = char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            i++;
        }

        return clean ? text : System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text));
    }
}
