using System.Text.RegularExpressions;
using AgentSquad.JiraSandbox.Rest;
using AgentSquad.JiraSandbox.Site;

namespace AgentSquad.JiraSandbox.Confluence;

/// <summary>The part of CQL that a page look-up needs: clauses on type, space, title, text, id and ancestor, joined by AND.</summary>
internal static partial class Cql
{
    /// <summary>The pages that fit the query parameter <c>cql</c>.</summary>
    /// <exception cref="JiraRefusal">400: not understood.</exception>
    public static List<SitePage> Run(RestCall call)
    {
        var text = OrderBy().Replace(call.Query("cql") ?? "", "").Trim();
        if (text.Length == 0) throw new JiraRefusal("Could not parse cql : it is empty");
        IEnumerable<SitePage> pages = call.Site.Pages;
        foreach (var clause in And().Split(text))
        {
            var match = Clause().Match(clause);
            if (!match.Success) throw new JiraRefusal($"Could not parse cql : {clause}");
            var (field, sign) = (match.Groups["field"].Value.ToLowerInvariant(), match.Groups["sign"].Value);
            var value = match.Groups["quoted"].Success ? match.Groups["quoted"].Value.Replace("\\\"", "\"", StringComparison.Ordinal) : match.Groups["bare"].Value;
            pages = (field, sign) switch
            {
                ("type", "=") => pages.Where(_ => value == "page"),
                ("space" or "space.key", "=") => pages.Where(page => Wiki.Space(page.SpaceId).Key == value),
                ("id" or "content", "=") => pages.Where(page => page.Id == value),
                ("parent" or "ancestor", "=") => pages.Where(page => page.ParentId == value),
                ("title", "=") => pages.Where(page => page.Title.Equals(value, StringComparison.OrdinalIgnoreCase)),
                ("title", "~") => pages.Where(page => Has(page.Title, value)),
                ("text" or "sitesearch", "~") => pages.Where(page => Has(page.Title, value) || Has(page.Body, value)),
                _ => throw new JiraRefusal($"Could not parse cql : {clause}"),
            };
        }

        return [.. pages];
    }

    private static bool Has(string text, string value) => text.Contains(value.Trim('*'), StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"\s+order\s+by\s+.*$", RegexOptions.IgnoreCase)]
    private static partial Regex OrderBy();

    [GeneratedRegex("""\s+and\s+(?=(?:[^"]*"[^"]*")*[^"]*$)""", RegexOptions.IgnoreCase)]
    private static partial Regex And();

    [GeneratedRegex("""^\s*(?<field>[\w.]+)\s*(?<sign>=|~)\s*("(?<quoted>(\\.|[^"\\])*)"|(?<bare>\S+))\s*$""")]
    private static partial Regex Clause();
}
