using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using AgentSquad.Atlassian.Adf;

namespace AgentSquad.Atlassian.Confluence;

/// <summary>Reads Confluence's storage format, XHTML with elements of its own, into a document.</summary>
internal static partial class StorageReader
{
    public static AdfNode Read(string storage)
    {
        try
        {
            // The named entities of HTML are none of XML's; its own five stay.
            var text = Entity().Replace(storage, match => match.Groups[1].Value is "amp" or "lt" or "gt" or "quot" or "apos"
                ? match.Value
                : WebUtility.HtmlEncode(WebUtility.HtmlDecode(match.Value)));
            var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = 50_000_000 };
            using var reader = XmlReader.Create(new StringReader($"<root xmlns:ac=\"ac\" xmlns:ri=\"ri\" xmlns:at=\"at\">{text}</root>"), settings);
            return new AdfNode("doc", AdfRules.Fit("doc", AdfBlocks.Of(Children(XElement.Load(reader, LoadOptions.PreserveWhitespace), [], 0))));
        }
        catch (XmlException)
        {
            return new AdfNode("doc", new AdfNode("paragraph", AdfNode.OfText(WebUtility.HtmlDecode(Tag().Replace(storage, " ")))));
        }
    }

    private static IEnumerable<AdfNode> Children(XElement element, AdfMark[] marks, int depth) =>
        depth > 80 ? [AdfNode.OfText(element.Value)] : element.Nodes().SelectMany(node => node switch
        {
            XCData data => [AdfNode.OfText(data.Value, marks)],
            XText text => Text(text.Value, marks, element),
            XElement child => Element(child, marks, depth + 1),
            _ => [],
        });

    private static IEnumerable<AdfNode> Text(string text, AdfMark[] marks, XElement parent)
    {
        // Line breaks between blocks are layout of the file.
        var flat = Space().Replace(text, " ");
        return flat.Length == 0 || (flat == " " && parent.Elements().Any(IsBlock)) ? [] : [AdfNode.OfText(flat, marks)];
    }

    private static bool IsBlock(XElement element) =>
        element.Name.LocalName is "p" or "ul" or "ol" or "li" or "table" or "tbody" or "tr" or "td" or "th" or "h1" or "h2" or "h3" or "h4" or "h5" or "h6" or "structured-macro" or "task-list" or "task";

    private static IEnumerable<AdfNode> Element(XElement element, AdfMark[] marks, int depth)
    {
        IEnumerable<AdfNode> Inner(params IEnumerable<AdfMark> more) => Children(element, [.. marks, .. more], depth);
        List<AdfNode> Blocks() => [.. AdfBlocks.Of(Inner())];
        var name = element.Name.LocalName;
        switch (name)
        {
            case "p": return [new AdfNode("paragraph", Inner())];
            case ['h', >= '1' and <= '6' and var level]:
                return [new AdfNode("heading", Inner()) { Attributes = new JsonObject { ["level"] = int.Parse([level], CultureInfo.InvariantCulture) } }];
            case "ul": return [new AdfNode("bulletList", Inner().Where(node => node.Type == "listItem"))];
            case "ol": return [new AdfNode("orderedList", Inner().Where(node => node.Type == "listItem"))];
            case "li": return [new AdfNode("listItem", AdfRules.Fit("listItem", Blocks()))];
            case "table": return [new AdfNode("table", element.Descendants().Where(one => one.Name.LocalName == "tr").Select(row => Row(row, depth)))];
            case "blockquote": return [new AdfNode("blockquote", AdfRules.Fit("blockquote", Blocks()))];
            case "hr": return [new AdfNode("rule")];
            case "pre": return [new AdfNode("codeBlock", AdfNode.OfText(element.Value))];
            case "br": return [new AdfNode("hardBreak")];
            case "strong" or "b": return Inner(new AdfMark("strong"));
            case "em" or "i": return Inner(new AdfMark("em"));
            case "u": return Inner(new AdfMark("underline"));
            case "s" or "del": return Inner(new AdfMark("strike"));
            case "code": return [AdfNode.OfText(element.Value, new AdfMark("code"))];
            case "a" when element.Attribute("href")?.Value is { } href: return Inner(new AdfMark("link", new JsonObject { ["href"] = href }));
            case "structured-macro": return Macro(element, Inner);
            case "task-list": return [Tasks(element, depth)];
            case "time" when DateTimeOffset.TryParse(element.Attribute("datetime")?.Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date):
                return [new AdfNode("date") { Attributes = new JsonObject { ["timestamp"] = date.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture) } }];
            case "user" when element.Attributes().FirstOrDefault(one => one.Name.LocalName is "userkey" or "account-id" or "username")?.Value is { Length: > 0 } user:
                return [new AdfNode("mention") { Attributes = new JsonObject { ["id"] = user } }];
            case "parameter": return [];
            default: return Inner();
        }
    }

    private static AdfNode Row(XElement row, int depth) => new("tableRow", row.Elements().Select(cell => new AdfNode(
        cell.Name.LocalName == "th" ? "tableHeader" : "tableCell", AdfRules.Fit("tableCell", AdfBlocks.Of(Children(cell, [], depth + 1))))));

    private static AdfNode Tasks(XElement list, int depth) => new("taskList", Named(list, "task").Select((task, index) => new AdfNode(
        "taskItem", Named(task, "task-body").SelectMany(body => AdfBlocks.Of(Children(body, [], depth + 1))).SelectMany(block => block.Content))
    {
        Attributes = new JsonObject
        {
            ["localId"] = Named(task, "task-id").FirstOrDefault()?.Value ?? $"{index}",
            ["state"] = Named(task, "task-status").FirstOrDefault()?.Value == "complete" ? "DONE" : "TODO",
        },
    }))
    {
        Attributes = new JsonObject { ["localId"] = "tasks" },
    };

    private static IEnumerable<XElement> Named(XElement parent, string name) => parent.Elements().Where(element => element.Name.LocalName == name);

    private static string? Parameter(XElement macro, string name) =>
        Named(macro, "parameter").FirstOrDefault(one => one.Attributes().Any(attribute => attribute.Name.LocalName == "name" && attribute.Value == name))?.Value;

    private static List<AdfNode> Macro(XElement macro, Func<IEnumerable<AdfMark>, IEnumerable<AdfNode>> inner)
    {
        var kind = macro.Attributes().FirstOrDefault(attribute => attribute.Name.LocalName == "name")?.Value ?? "";
        if (kind is "code" or "noformat")
        {
            var text = macro.Elements().FirstOrDefault(element => element.Name.LocalName == "plain-text-body")?.Value ?? "";
            return [new AdfNode("codeBlock", text.Length == 0 ? [] : [AdfNode.OfText(text)])
            {
                Attributes = Parameter(macro, "language") is { Length: > 0 } language ? new JsonObject { ["language"] = language } : null,
            }];
        }

        if (kind == "status" && Parameter(macro, "title") is { Length: > 0 } title)
        {
            var color = Parameter(macro, "colour")?.ToLowerInvariant() is ("green" or "yellow" or "red" or "blue" or "purple") and var known ? known : "neutral";
            return [new AdfNode("status") { Attributes = new JsonObject { ["text"] = title, ["color"] = color } }];
        }

        var content = AdfRules.Fit("panel", AdfBlocks.Of(inner([])));
        if (kind == "expand")
        {
            return [new AdfNode("expand", AdfRules.Fit("expand", content)) { Attributes = new JsonObject { ["title"] = Parameter(macro, "title") ?? "" } }];
        }

        return kind is "info" or "note" or "warning" or "tip" or "panel"
            ? [new AdfNode("panel", content) { Attributes = new JsonObject { ["panelType"] = kind switch { "tip" => "success", "panel" => "info", _ => kind } } }]
            : content;
    }

    [GeneratedRegex("&([a-zA-Z][a-zA-Z0-9]*);")]
    private static partial Regex Entity();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex(@"[ \t\r\n]+")]
    private static partial Regex Space();
}
