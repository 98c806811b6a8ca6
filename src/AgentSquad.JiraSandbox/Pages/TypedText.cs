using System.Text.Json.Nodes;
using AgentSquad.JiraSandbox.Site;

namespace AgentSquad.JiraSandbox.Pages;

/// <summary>Text that somebody typed into the comment box, as the editor of a real site would save it.</summary>
internal static class TypedText
{
    /// <summary>Paragraphs from blank lines, hard breaks from line ends, mentions from @ and a person's name.</summary>
    public static JsonObject ToAdf(string text, SiteModel site)
    {
        var paragraphs = text.ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return new JsonObject
        {
            ["type"] = "doc",
            ["version"] = 1,
            ["content"] = new JsonArray([.. paragraphs.Select(paragraph =>
                new JsonObject { ["type"] = "paragraph", ["content"] = Inline(paragraph, site) })]),
        };
    }

    private static JsonArray Inline(string paragraph, SiteModel site)
    {
        var nodes = new JsonArray();
        var lines = paragraph.Split('\n');
        for (var line = 0; line < lines.Length; line++)
        {
            if (line > 0) nodes.Add(new JsonObject { ["type"] = "hardBreak" });
            Line(lines[line], site, nodes);
        }

        return nodes;
    }

    private static void Line(string line, SiteModel site, JsonArray nodes)
    {
        var plainFrom = 0;
        for (var at = line.IndexOf('@', StringComparison.Ordinal); at >= 0; at = line.IndexOf('@', at + 1))
        {
            var rest = line[(at + 1)..];
            var person = site.Users.Where(user => rest.StartsWith(user.DisplayName, StringComparison.OrdinalIgnoreCase))
                .MaxBy(user => user.DisplayName.Length);
            if (person is null || (at > 0 && char.IsLetterOrDigit(line[at - 1]))) continue;
            if (rest.Length > person.DisplayName.Length && char.IsLetterOrDigit(rest[person.DisplayName.Length])) continue;
            Add(nodes, line[plainFrom..at]);
            nodes.Add(new JsonObject
            {
                ["type"] = "mention",
                ["attrs"] = new JsonObject { ["id"] = person.AccountId, ["text"] = "@" + person.DisplayName },
            });
            plainFrom = at + 1 + person.DisplayName.Length;
        }

        Add(nodes, line[plainFrom..]);
    }

    private static void Add(JsonArray nodes, string text)
    {
        if (text.Length > 0) nodes.Add(new JsonObject { ["type"] = "text", ["text"] = text });
    }
}
