using System.Globalization;
using System.Text.RegularExpressions;
using AgentSquad.JiraSandbox.Rest;
using AgentSquad.JiraSandbox.Site;

namespace AgentSquad.JiraSandbox.Actions;

/// <summary>The part of JQL that programs use: comparisons, IN, IS EMPTY, AND, OR, NOT, parentheses, ORDER BY.</summary>
internal sealed partial class Jql
{
    private readonly List<string> _tokens;
    private Func<SiteModel, SiteIssue, SiteUser?, bool> _filter = (_, _, _) => true;
    private (string Field, bool Descending) _order = ("created", true);
    private int _next;

    private Jql(string text)
    {
        _tokens = [.. Tokens().Matches(text).Select(match => match.Value)];
        if (Tokens().Replace(text, "").Trim().Length > 0) throw Wrong(text);
    }

    /// <summary>Whether the query restricts anything; Cloud refuses one that does not.</summary>
    public bool IsBounded { get; private set; }

    /// <summary>Reads a query.</summary>
    /// <exception cref="JiraRefusal">400: not JQL, or a field that the sandbox does not know.</exception>
    public static Jql Parse(string text)
    {
        var jql = new Jql(text);
        if (jql._tokens.Count > 0 && !jql.Is("ORDER"))
        {
            jql.IsBounded = true;
            jql._filter = jql.Or();
        }

        if (jql.Take("ORDER"))
        {
            if (!jql.Take("BY")) throw jql.Unexpected();
            jql._order = (jql.Next(), false);
            if (jql.Take("DESC")) jql._order.Descending = true;
            else jql.Take("ASC");
            while (jql._next < jql._tokens.Count && (jql.Is(",") || jql._tokens[jql._next - 1] is ("," or "DESC" or "ASC"))) jql._next++;
        }

        return jql._next == jql._tokens.Count ? jql : throw jql.Unexpected();
    }

    /// <summary>Whether a ticket fits.</summary>
    public bool Matches(SiteModel site, SiteIssue issue, SiteUser? caller = null) => _filter(site, issue, caller);

    /// <summary>The tickets that fit, in the order asked for.</summary>
    public List<SiteIssue> Run(SiteModel site, SiteUser caller)
    {
        var found = site.Issues.Where(issue => Permissions.MaySee(site, caller, issue) && Matches(site, issue, caller));
        Func<SiteIssue, object> by = _order.Field.ToLowerInvariant() switch
        {
            "updated" => issue => issue.Updated,
            "priority" => issue => -int.Parse(issue.PriorityId),
            "status" => issue => issue.StatusId,
            "summary" => issue => issue.Summary,
            _ => issue => long.Parse(issue.Id),
        };
        return [.. _order.Descending ? found.OrderByDescending(by) : found.OrderBy(by)];
    }

    private Func<SiteModel, SiteIssue, SiteUser?, bool> Or()
    {
        var left = And();
        while (Take("OR") || Take("||"))
        {
            var (before, right) = (left, And());
            left = (site, issue, user) => before(site, issue, user) || right(site, issue, user);
        }

        return left;
    }

    private Func<SiteModel, SiteIssue, SiteUser?, bool> And()
    {
        var left = Term();
        while (Take("AND") || Take("&&"))
        {
            var (before, right) = (left, Term());
            left = (site, issue, user) => before(site, issue, user) && right(site, issue, user);
        }

        return left;
    }

    private Func<SiteModel, SiteIssue, SiteUser?, bool> Term()
    {
        if (Take("NOT") || Take("!"))
        {
            var inner = Term();
            return (site, issue, user) => !inner(site, issue, user);
        }

        if (Take("("))
        {
            var inner = Or();
            return Take(")") ? inner : throw Unexpected();
        }

        var field = Text(Next());
        var values = JqlFields.Reader(field) ?? throw new JiraRefusal($"Field '{field}' does not exist or you do not have permission to view it.");
        if (Take("IS"))
        {
            var negated = Take("NOT");
            if (!Take("EMPTY") && !Take("NULL")) throw Unexpected();
            return (site, issue, _) => values(site, issue).Any() == negated;
        }

        if (Take("IN")) return In(values, Values());
        if (Take("NOT"))
        {
            if (!Take("IN")) throw Unexpected();
            var within = In(values, Values());
            return (site, issue, user) => !within(site, issue, user);
        }

        var comparison = Next();
        var wanted = Value();
        if (JqlFields.IsTime(field) && !DateTimeOffset.TryParse(wanted, CultureInfo.InvariantCulture, out _))
            throw new JiraRefusal($"Date value '{wanted}' for field '{field}' is invalid. The sandbox takes 'yyyy-MM-dd' and 'yyyy-MM-dd HH:mm'.");
        return comparison switch
        {
            "=" => In(values, [wanted]),
            "!=" => (site, issue, user) => !In(values, [wanted])(site, issue, user),
            "~" => (site, issue, user) => values(site, issue).Any(value => value.Contains(Resolve(wanted, user).Trim('"', '*'), StringComparison.OrdinalIgnoreCase)),
            "!~" => (site, issue, user) => !values(site, issue).Any(value => value.Contains(Resolve(wanted, user).Trim('"', '*'), StringComparison.OrdinalIgnoreCase)),
            "<" or "<=" or ">" or ">=" => (site, issue, _) => values(site, issue).Any(value => Compare(value, wanted, comparison)),
            _ => throw Unexpected(),
        };
    }

    private static Func<SiteModel, SiteIssue, SiteUser?, bool> In(Func<SiteModel, SiteIssue, IEnumerable<string>> values, List<string> wanted) =>
        (site, issue, user) => wanted.Exists(one => one.Equals("EMPTY", StringComparison.OrdinalIgnoreCase)
            ? !values(site, issue).Any()
            : values(site, issue).Contains(Resolve(one, user), StringComparer.OrdinalIgnoreCase));

    private static bool Compare(string value, string wanted, string comparison)
    {
        var order = DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            && DateTimeOffset.TryParse(wanted, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var border)
                ? time.CompareTo(border)
                : string.CompareOrdinal(value, wanted);
        return comparison switch { "<" => order < 0, "<=" => order <= 0, ">" => order > 0, _ => order >= 0 };
    }

    private static string Resolve(string wanted, SiteUser? caller) =>
        wanted.Equals("currentUser()", StringComparison.OrdinalIgnoreCase) ? caller?.AccountId ?? "" : wanted;

    private List<string> Values()
    {
        if (!Take("(")) throw Unexpected();
        var values = new List<string> { Value() };
        while (Take(",")) values.Add(Value());
        return Take(")") ? values : throw Unexpected();
    }

    private string Value()
    {
        var value = Text(Next());
        if (!Take("(")) return value;
        return Take(")") ? value + "()" : throw Unexpected();
    }

    private static string Text(string token) => token.Length > 1 && token[0] is '"' or '\''
        ? Escape().Replace(token[1..^1], "$1")
        : token;

    private string Next() => _next < _tokens.Count ? _tokens[_next++] : throw new JiraRefusal("Error in the JQL Query: the query ends too early.");

    private bool Is(string token) => _next < _tokens.Count && _tokens[_next].Equals(token, StringComparison.OrdinalIgnoreCase);

    private bool Take(string token)
    {
        if (!Is(token)) return false;
        _next++;
        return true;
    }

    private JiraRefusal Unexpected() => Wrong(_next < _tokens.Count ? _tokens[_next] : "the end");

    private static JiraRefusal Wrong(string near) => new($"Error in the JQL Query: expecting something else near '{near}'.");

    [GeneratedRegex("""
        "(\\.|[^"\\])*"|'(\\.|[^'\\])*'|!=|!~|<=|>=|\|\||&&|[=~<>(),!]|[^\s"'=~<>(),!]+
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Tokens();

    [GeneratedRegex(@"\\(.)")]
    private static partial Regex Escape();
}
