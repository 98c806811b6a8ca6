namespace AgentSquad.Agents.Offline.Reading;

/// <summary>Names of things in code that a ticket mentions.</summary>
/// <param name="Endpoints">HTTP methods with a path, and paths of APIs.</param>
/// <param name="Files">File names and paths.</param>
/// <param name="Identifiers">Text that the author marked as code, and names such as <c>OrderService</c> or <c>user_id</c>.</param>
internal sealed record TechnicalNames(IReadOnlyList<string> Endpoints, IReadOnlyList<string> Files, IReadOnlyList<string> Identifiers)
{
    private const int Most = 12;

    private static readonly HashSet<string> Methods = new(StringComparer.Ordinal) { "GET", "POST", "PUT", "PATCH", "DELETE" };

    private static readonly HashSet<string> Extensions = new(StringComparer.OrdinalIgnoreCase)
    {
        "cs", "ts", "tsx", "js", "jsx", "py", "java", "kt", "go", "rs", "rb", "php", "sql", "json", "yml", "yaml", "xml", "html", "css",
        "scss", "sh", "ps1", "tf", "bicep", "csv", "md", "proto", "razor", "vue", "swift", "cpp", "h",
    };

    public bool IsEmpty => Endpoints.Count + Files.Count + Identifiers.Count == 0;

    /// <summary>Finds names in text, in the order in which they occur, each once.</summary>
    public static TechnicalNames Find(string text)
    {
        var endpoints = new List<string>();
        var files = new List<string>();
        var identifiers = new List<string>();
        var method = "";
        foreach (var range in text.AsSpan().SplitAny(' ', '\t', '\n', '\r', ',', ';', '"', '`', '|'))
        {
            var token = text.AsSpan(range).Trim(".:()[]<>'*!?");
            if (token.Length is 0 or > 120)
            {
                method = token.Length == 0 ? method : "";
                continue;
            }

            var word = token.ToString();
            if (IsPath(word))
            {
                Add(endpoints, method.Length > 0 ? $"{method} {word}" : word);
            }
            else if (IsFile(word))
            {
                Add(files, word);
            }
            else if (IsIdentifier(word))
            {
                Add(identifiers, word);
            }

            method = Methods.Contains(word) ? word : "";
        }

        return new(endpoints, files, identifiers);
    }

    private static bool IsPath(string word) =>
        word.Length > 2 && word[0] == '/' && char.IsLetter(word[1])
        && !string.Equals(word, "/squad", StringComparison.OrdinalIgnoreCase)
        && word.All(character => char.IsAsciiLetterOrDigit(character) || character is '/' or '-' or '_' or '{' or '}' or '.' or ':' or '?' or '=' or '&');

    private static bool IsFile(string word)
    {
        var dot = word.LastIndexOf('.');
        return dot > 0 && Extensions.Contains(word[(dot + 1)..])
            && !word.Contains("://", StringComparison.Ordinal)
            && word.All(character => char.IsAsciiLetterOrDigit(character) || character is '/' or '\\' or '.' or '-' or '_');
    }

    private static bool IsIdentifier(string word)
    {
        if (word.Length < 4 || !char.IsAsciiLetter(word[0]) || !word.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '.'))
        {
            return false;
        }

        var humps = 0;
        for (var i = 1; i < word.Length; i++)
        {
            humps += char.IsAsciiLetterUpper(word[i]) && char.IsAsciiLetterLower(word[i - 1]) ? 1 : 0;
        }

        return humps > 0 || word.Contains('_', StringComparison.Ordinal);
    }

    private static void Add(List<string> names, string name)
    {
        if (names.Count < Most && !names.Contains(name, StringComparer.Ordinal))
        {
            names.Add(name);
        }
    }
}
