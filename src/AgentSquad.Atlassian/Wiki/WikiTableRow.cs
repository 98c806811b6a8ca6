using AgentSquad.Atlassian.Adf;

namespace AgentSquad.Atlassian.Wiki;

/// <summary>Reads one row of a table: bars between cells, doubled before a header, not those inside links or escapes.</summary>
internal static class WikiTableRow
{
    public static AdfNode Read(string line)
    {
        var row = new AdfNode("tableRow");
        var at = 0;
        while (at < line.Length)
        {
            var isHeader = line.AsSpan(at).StartsWith("||", StringComparison.Ordinal);
            at += isHeader ? 2 : 1;
            var start = at;
            var brackets = 0;
            while (at < line.Length && (line[at] != '|' || brackets > 0))
            {
                if (line[at] == '\\' && at + 1 < line.Length) at++;
                else if (line[at] == '[' && line.IndexOf(']', at) > 0) brackets++;
                else if (line[at] == ']' && brackets > 0) brackets--;
                at++;
            }

            at = Math.Min(at, line.Length);
            var text = line[start..at];

            // What follows the last bar is no cell.
            if (at == line.Length && text.Trim().Length == 0) break;
            row.Content.Add(new AdfNode(isHeader ? "tableHeader" : "tableCell", new AdfNode("paragraph", WikiInlineReader.Read(text.Trim()))));
        }

        if (row.Content.Count == 0) row.Content.Add(new AdfNode("tableCell", new AdfNode("paragraph")));
        return row;
    }
}
