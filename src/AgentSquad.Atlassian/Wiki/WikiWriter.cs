using System.Globalization;
using System.Text;
using AgentSquad.Atlassian.Adf;

namespace AgentSquad.Atlassian.Wiki;

/// <summary>Renders a document as wiki markup.</summary>
internal static class WikiWriter
{
    public static string Write(AdfNode document) => Blocks(document.Content);

    private static string Blocks(IEnumerable<AdfNode> nodes) =>
        string.Join("\n\n", AdfBlocks.Of(nodes).Select(Block).Where(text => text.Length > 0));

    private static string Block(AdfNode node) => node.Type switch
    {
        "paragraph" => WikiInlineWriter.Write(node.Content, "\n"),
        "heading" => $"h{Level(node)}. {WikiInlineWriter.Write(node.Content, " ")}",
        "bulletList" or "orderedList" or "taskList" or "decisionList" => string.Join('\n', ListLines(node, "")),
        "codeBlock" => Code(node),
        "blockquote" => $"{{quote}}\n{Blocks(node.Content)}\n{{quote}}",
        "panel" => Panel(WikiPanels.TitleOf(node.Attribute("panelType")), node),
        "expand" or "nestedExpand" => Panel(node.Attribute("title") ?? "", node),
        "rule" => "----",
        "table" => Table(node),
        _ when AdfRules.IsOpaque(node) => WikiInlineWriter.Write([node], "\n"),
        _ => Blocks(node.Content),
    };

    private static int Level(AdfNode node) =>
        int.TryParse(node.Attribute("level"), NumberStyles.None, CultureInfo.InvariantCulture, out var level) ? Math.Clamp(level, 1, 6) : 1;

    private static string Panel(string title, AdfNode node)
    {
        var clean = new string([.. title.Select(character => character is '|' or '}' or '{' or '=' || char.IsControl(character) ? ' ' : character)]).Trim();
        return $"{{panel{(clean.Length > 0 ? $":title={clean}" : "")}}}\n{Blocks(node.Content)}\n{{panel}}";
    }

    private static string Code(AdfNode node)
    {
        var text = LineEnds.Normal(node.PlainText());
        if (!text.Contains("{code", StringComparison.OrdinalIgnoreCase))
        {
            var language = new string([.. (node.Attribute("language") ?? "").Where(character => char.IsAsciiLetterOrDigit(character) || character is '+' or '#')]);
            return $"{{code{(language.Length > 0 ? $":{language}" : "")}}}\n{text}\n{{code}}";
        }

        if (!text.Contains("{noformat", StringComparison.OrdinalIgnoreCase)) return $"{{noformat}}\n{text}\n{{noformat}}";

        // Both ends appear in the text itself: as lines of text it cannot end anything.
        return WikiInlineWriter.Write(text.Split('\n').SelectMany(line => new[] { AdfNode.OfText(line), new AdfNode("hardBreak") }), "\n");
    }

    private static IEnumerable<string> ListLines(AdfNode list, string prefix)
    {
        var mark = prefix + (list.Type == "orderedList" ? '#' : '*');
        foreach (var item in list.Content)
        {
            if (item.Type == "taskList")
            {
                foreach (var line in ListLines(item, mark)) yield return line;
                continue;
            }

            var text = new StringBuilder();
            var nested = new List<string>();
            if (item.Type == "taskItem") text.Append(item.Attribute("state") == "DONE" ? "☑ " : "☐ ");
            foreach (var block in AdfBlocks.Of(item.Type is "listItem" or "taskItem" or "decisionItem" ? item.Content : [item]))
            {
                if (block.Type is "bulletList" or "orderedList" or "taskList") nested.AddRange(ListLines(block, mark));
                else if (block.Type == "codeBlock") nested.AddRange(Block(block).Split('\n'));
                else text.Append(text.Length > 2 ? "\\\\ " : "").Append(WikiInlineWriter.Write(block.Content, "\\\\ "));
            }

            yield return $"{mark} {text}";
            foreach (var line in nested) yield return line;
        }
    }

    private static string Table(AdfNode table)
    {
        var lines = new List<string>();
        foreach (var row in table.Content.Where(row => row.Content.Count > 0))
        {
            var line = new StringBuilder();
            foreach (var cell in row.Content)
            {
                var text = string.Join("\\\\ ", AdfBlocks.Of(cell.Content).SelectMany(CellLines).Where(part => part.Length > 0));
                line.Append(cell.Type == "tableHeader" ? "||" : "|").Append(text.Length > 0 ? text : " ");
            }

            lines.Add(line.Append(row.Content[^1].Type == "tableHeader" ? "||" : "|").ToString());
        }

        return string.Join('\n', lines);
    }

    private static IEnumerable<string> CellLines(AdfNode block) => block.Type switch
    {
        "paragraph" or "heading" => [WikiInlineWriter.Write(block.Content, "\\\\ ")],
        "bulletList" or "taskList" or "orderedList" => block.Content.SelectMany(item => AdfBlocks.Of(item.Content).SelectMany(CellLines)).Select(line => $"• {line}"),
        "codeBlock" => block.PlainText().Split('\n').Where(line => line.Length > 0)
            .Select(line => WikiInlineWriter.Write([AdfNode.OfText(line, new AdfMark("code"))], " ")),
        _ => AdfBlocks.Of(block.Content).SelectMany(CellLines),
    };
}
