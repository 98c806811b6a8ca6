using System.Globalization;
using System.Text;

namespace AgentSquad.Atlassian.Adf;

/// <summary>Renders tables as pipe tables. Cells hold one line, so what has several lines is joined by breaks.</summary>
internal static class MarkdownTableWriter
{
    private const int MaxColumns = 200;

    public static string Write(AdfNode table)
    {
        var rows = table.Content.Where(row => row.Content.Count > 0).Select(Cells).ToList();
        if (rows.Count == 0) return "";
        var columns = rows.Max(row => row.Count);
        var lines = new List<string>();

        // A pipe table must begin with a header; a table without one gets an empty header, which reading drops again.
        var first = table.Content.First(row => row.Content.Count > 0);
        if (first.Content.TrueForAll(cell => cell.Type == "tableHeader")) lines.Add(Line(rows[0], columns));
        else lines.Add(Line([], columns));
        lines.Add("|" + string.Concat(Enumerable.Repeat(" --- |", columns)));
        lines.AddRange(rows.Skip(first.Content.TrueForAll(cell => cell.Type == "tableHeader") ? 1 : 0).Select(row => Line(row, columns)));
        return string.Join('\n', lines);
    }

    private static List<string> Cells(AdfNode row)
    {
        var cells = new List<string>();
        foreach (var cell in row.Content)
        {
            cells.Add(string.Join("<br>", Lines(cell.Content)));
            var span = int.TryParse(cell.Attribute("colspan"), NumberStyles.None, CultureInfo.InvariantCulture, out var width) ? width : 1;
            for (var i = 1; i < span && cells.Count < MaxColumns; i++) cells.Add("");
        }

        return cells;
    }

    private static string Line(List<string> cells, int columns)
    {
        var line = new StringBuilder("|");
        for (var i = 0; i < columns; i++) line.Append(' ').Append(i < cells.Count ? cells[i] : "").Append(" |");
        return line.ToString();
    }

    private static IEnumerable<string> Lines(IEnumerable<AdfNode> nodes)
    {
        foreach (var node in AdfBlocks.Of(nodes))
        {
            switch (node.Type)
            {
                case "paragraph" or "heading":
                    if (node.Content.Count > 0) yield return MarkdownInlineWriter.Write(node.Content, oneLine: true, inHeading: true);
                    break;
                case "bulletList" or "orderedList" or "taskList" or "decisionList":
                    foreach (var item in ListLines(node)) yield return item;
                    break;
                case "codeBlock":
                    foreach (var line in LineEnds.Normal(node.PlainText()).Split('\n').Where(line => line.Length > 0))
                    {
                        yield return MarkdownInlineWriter.Write([AdfNode.OfText(line, new AdfMark("code"))], oneLine: true);
                    }

                    break;
                case "rule":
                    break;
                case var _ when AdfRules.IsOpaque(node):
                    yield return MarkdownInlineWriter.Write([node], oneLine: true);
                    break;
                default:
                    if (node.Attribute("title") is { Length: > 0 } title)
                    {
                        yield return MarkdownInlineWriter.Write([AdfNode.OfText(title, new AdfMark("strong"))], oneLine: true);
                    }

                    foreach (var inner in Lines(node.Type == "table" ? node.Content.SelectMany(row => row.Content) : node.Content)) yield return inner;
                    break;
            }
        }
    }

    private static IEnumerable<string> ListLines(AdfNode list)
    {
        var number = int.TryParse(list.Attribute("order"), NumberStyles.None, CultureInfo.InvariantCulture, out var start) ? start : 1;
        foreach (var item in list.Content)
        {
            var mark = list.Type switch
            {
                "orderedList" => string.Create(CultureInfo.InvariantCulture, $"{number++}. "),
                "taskList" => item.Attribute("state") == "DONE" ? "☑ " : "☐ ",
                _ => "• ",
            };
            var first = true;
            foreach (var line in Lines(AdfRules.IsInline(item) ? [item] : item.Content))
            {
                yield return first ? mark + line : line;
                first = false;
            }
        }
    }
}
