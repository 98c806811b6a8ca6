using System.Text.RegularExpressions;

namespace AgentSquad.Functions.Tests.Proofs;

/// <summary>
/// The part of the official API that the app may use, as <c>floor.md</c> words it: bullets of types in backticks, some with the members that
/// are allowed, <c>Type.Member</c> for a single one, and namespaces in backticks followed by the types in them.
/// </summary>
internal sealed partial class Floor
{
    // Parameter types of allowed members that have no entry of their own; nothing can be done with them but pass them.
    private static readonly string[] Implied = ["AsyncRetryHandler", "RetryHandler"];

    private readonly Dictionary<string, Rule> _rules = new(StringComparer.Ordinal);

    private Floor()
    {
    }

    /// <summary>Names of the types that the page allows.</summary>
    public IReadOnlyCollection<string> Types => _rules.Keys;

    public static Floor Parse(string page)
    {
        var floor = new Floor();
        foreach (var clause in Bullets(page).SelectMany(bullet => Split(bullet, ';'))) floor.AddClause(clause);
        return floor;
    }

    /// <summary>Why the app may not use something; null when it may.</summary>
    public string? WhyNot(HostReference reference)
    {
        var type = reference.Name.Split('`')[0];
        if (Implied.Contains(type)) return null;
        if (!_rules.TryGetValue(type, out var rule)) return $"{reference}: the type is not on the page";
        if (reference.Member is null or ".ctor" || rule.Members.Count == 0) return null;
        if (!rule.Members.TryGetValue(reference.Member, out var parameters)) return $"{reference}: the member is not on the page";
        return parameters is null || (parameters.Count == reference.Parameters.Length && parameters.Zip(reference.Parameters).All(pair => Same(pair.First, pair.Second)))
            ? null
            : $"{reference}: this overload is not on the page";
    }

    private void AddClause(string clause)
    {
        // `Full.Type`: Member, Member(both) ... or `Namespace`: Type, Type.Member ...
        if (Headed().Match(clause) is { Success: true } headed)
        {
            var name = headed.Groups["name"].Value;
            var isNamespace = name.StartsWith('.') || name.EndsWith(".Worker", StringComparison.Ordinal);
            foreach (var entry in Split(headed.Groups["rest"].Value, ','))
            {
                if (isNamespace) AddType(entry);
                else AddMember(name[(name.LastIndexOf('.') + 1)..], entry);
            }

            return;
        }

        foreach (Match match in Quoted().Matches(clause))
        {
            var type = match.Groups["type"].Value;
            Allow(type);
            foreach (var member in Split(match.Groups["members"].Value, ',')) AddMember(type, member);
        }
    }

    private void AddType(string entry)
    {
        var parts = entry.Trim().Split(' ')[0].Split('.');
        Allow(parts[0]);
        if (parts.Length > 1) AddMember(parts[0], parts[1]);
        if (!entry.Contains("extension methods", StringComparison.Ordinal)) return;
        foreach (var type in _rules.Keys.ToArray()) Allow(type + "Extensions");
    }

    private void AddMember(string type, string text)
    {
        var match = MemberText().Match(text.Trim());
        if (!match.Success) return;
        var arguments = match.Groups["arguments"].Value;
        var isOverload = arguments.Length > 0 && !AnyOverload().IsMatch(arguments);
        Allow(type).Members[match.Groups["name"].Value] = isOverload ? [.. Split(arguments, ',')] : null;
    }

    private Rule Allow(string type)
    {
        if (!_rules.TryGetValue(type, out var rule)) _rules[type] = rule = new Rule([]);
        return rule;
    }

    private static IEnumerable<string> Bullets(string page) =>
        page.ReplaceLineEndings("\n").Split("\n- ").Skip(1).Select(bullet => bullet.Split("\n\n")[0].ReplaceLineEndings(" "));

    private static IEnumerable<string> Split(string text, char separator)
    {
        var (depth, start) = (0, 0);
        for (var i = 0; i <= text.Length; i++)
        {
            if (i == text.Length || (text[i] == separator && depth == 0))
            {
                if (text[start..i].Trim() is { Length: > 0 } part) yield return part.TrimEnd('.');
                start = i + 1;
            }
            else
            {
                depth += text[i] switch { '(' => 1, ')' => -1, _ => 0 };
            }
        }
    }

    private static bool Same(string word, string type) => string.Equals(
        word switch { "bool" => "Boolean", _ => word }, type[(type.LastIndexOf('.') + 1)..], StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"^\s*`(?<name>[A-Za-z.]+)`:\s*(?<rest>.+)$")]
    private static partial Regex Headed();

    [GeneratedRegex(@"`(?<type>[A-Za-z]+)(<[A-Z]>)?(\((?<members>[^)]*)\))?`(\s*\((?<members>[^)]*)\))?")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"^(?<name>[A-Za-z]+)\s*(\((?<arguments>[^)]*)\))?$")]
    private static partial Regex MemberText();

    [GeneratedRegex("^(both|all)")]
    private static partial Regex AnyOverload();

    /// <param name="Members">Allowed members with their parameters, null for every overload; empty allows all members.</param>
    private sealed record Rule(Dictionary<string, IReadOnlyList<string>?> Members);
}
