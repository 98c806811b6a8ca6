using System.Text.Json.Nodes;

namespace AgentSquad.JiraSandbox.Text;

/// <summary>The part of the Atlassian Document Format's schema that Jira holds writers to: which node may stand where.</summary>
internal static class AdfRules
{
    private const string Inline = "text hardBreak mention emoji date status inlineCard placeholder mediaInline inlineExtension";

    private const string Blocks =
        "paragraph heading bulletList orderedList taskList decisionList codeBlock blockquote panel rule table expand " +
        "mediaSingle mediaGroup blockCard embedCard extension bodiedExtension layoutSection";

    private const string ItemBlocks = "paragraph bulletList orderedList taskList codeBlock mediaSingle extension";

    private static readonly Dictionary<string, HashSet<string>> Content = new()
    {
        ["doc"] = Set(Blocks),
        ["paragraph"] = Set(Inline),
        ["heading"] = Set(Inline),
        ["bulletList"] = Set("listItem"),
        ["orderedList"] = Set("listItem"),
        ["listItem"] = Set(ItemBlocks),
        ["taskList"] = Set("taskItem taskList blockTaskItem"),
        ["taskItem"] = Set(Inline),
        ["decisionList"] = Set("decisionItem"),
        ["decisionItem"] = Set(Inline),
        ["codeBlock"] = Set("text"),
        ["blockquote"] = Set("paragraph bulletList orderedList codeBlock mediaSingle mediaGroup extension"),
        ["panel"] = Set("paragraph heading bulletList orderedList blockCard mediaGroup mediaSingle codeBlock taskList rule decisionList extension"),
        ["table"] = Set("tableRow"),
        ["tableRow"] = Set("tableCell tableHeader"),
        ["tableCell"] = Set(Blocks + " nestedExpand"),
        ["tableHeader"] = Set(Blocks + " nestedExpand"),
        ["expand"] = Set(Blocks + " nestedExpand"),
        ["nestedExpand"] = Set("paragraph heading bulletList orderedList taskList decisionList codeBlock blockquote panel rule mediaSingle mediaGroup extension"),
        ["mediaSingle"] = Set("media caption"),
        ["mediaGroup"] = Set("media"),
        ["caption"] = Set(Inline),
        ["layoutSection"] = Set("layoutColumn"),
        ["layoutColumn"] = Set(Blocks),
        ["bodiedExtension"] = Set(Blocks),
    };

    private static readonly HashSet<string> NeedContent =
        Set("bulletList orderedList listItem taskList decisionList blockquote panel table tableRow expand nestedExpand mediaSingle mediaGroup");

    private static readonly Dictionary<string, string[]> NeedAttributes = new()
    {
        ["heading"] = ["level"], ["panel"] = ["panelType"], ["mention"] = ["id"], ["emoji"] = ["shortName"], ["date"] = ["timestamp"],
        ["status"] = ["text", "color"], ["inlineCard"] = ["url"], ["taskList"] = ["localId"], ["taskItem"] = ["localId", "state"],
        ["media"] = ["type"],
    };

    private static readonly HashSet<string> Marks =
        Set("strong em code strike underline link subsup textColor backgroundColor border annotation alignment indentation breakout fragment dataConsumer");

    /// <summary>What is wrong with a document, or null when Jira would take it.</summary>
    /// <param name="value">What the caller sent.</param>
    public static string? Check(JsonNode? value)
    {
        if (value is not JsonObject document) return "not an object";
        if (AdfText.Type(document) != "doc") return "the root is not of type doc";
        if (AdfText.String(document["version"]) != "1") return "version is not 1";
        if (document["content"] is not JsonArray) return "content of doc is missing";
        return Check(document, depth: 0);
    }

    private static string? Check(JsonObject node, int depth)
    {
        var type = AdfText.Type(node);
        if (depth > 60) return "nested too deeply";
        if (type == "text")
        {
            if (node["text"] is not JsonValue text || text.GetValueKind() != System.Text.Json.JsonValueKind.String || text.ToString().Length == 0)
                return "a text node without text";
            return CheckMarks(node);
        }

        foreach (var name in NeedAttributes.GetValueOrDefault(type, []))
        {
            if ((node["attrs"] as JsonObject)?[name] is null) return $"{type} without attrs.{name}";
        }

        if (type == "heading" && AdfText.Attribute(node, "level") is not ("1" or "2" or "3" or "4" or "5" or "6")) return "heading level";
        if (node["content"] is not (null or JsonArray)) return $"content of {type} is no array";
        if (NeedContent.Contains(type) && node["content"] is not JsonArray { Count: > 0 }) return $"{type} without content";
        if (!Content.TryGetValue(type, out var allowed)) return node["content"] is null ? null : $"{type} takes no content";
        foreach (var child in node["content"] as JsonArray ?? [])
        {
            if (child is not JsonObject childNode) return $"{type} contains something that is no node";
            var childType = AdfText.Type(childNode);
            if (!allowed.Contains(childType)) return $"{childType} inside {type}";
            if (type == "codeBlock" && childNode["marks"] is JsonArray { Count: > 0 }) return "marks inside codeBlock";
            if (Check(childNode, depth + 1) is { } problem) return problem;
        }

        return null;
    }

    private static string? CheckMarks(JsonObject node)
    {
        if (node["marks"] is null) return null;
        if (node["marks"] is not JsonArray marks) return "marks is no array";
        foreach (var mark in marks)
        {
            if (mark is not JsonObject markNode || !Marks.Contains(AdfText.Type(markNode))) return "unknown mark";
            if (AdfText.Type(markNode) == "link" && AdfText.Attribute(markNode, "href") is null) return "link without attrs.href";
        }

        var types = marks.OfType<JsonObject>().Select(AdfText.Type).ToList();
        return types.Contains("code") && types.Exists(type => type is not ("code" or "link" or "annotation")) ? "code with another mark" : null;
    }

    private static HashSet<string> Set(string names) => [.. names.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
}
