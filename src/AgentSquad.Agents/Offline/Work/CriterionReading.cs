using AgentSquad.Core.Voice;

namespace AgentSquad.Agents.Offline.Work;

/// <summary>A criterion taken apart as far as its words allow. All text is escaped for Markdown.</summary>
internal sealed record CriterionReading
{
    private static readonly string[] Conditions = ["when ", "if ", "after ", "once ", "whenever ", "wenn ", "falls ", "nachdem "];
    private static readonly string[] Abilities = [" can ", " may ", " is able to ", " are able to ", " kann ", " können "];
    private static readonly string[] LowerFirst = ["A ", "An ", "The ", "All ", "Each ", "Every ", "Any ", "Users ", "User ", "It ", "Only "];

    /// <summary>The criterion as it is.</summary>
    public required string Text { get; init; }

    /// <summary>What holds before; null when it does not say.</summary>
    public string? Given { get; init; }

    /// <summary>What happens; null when it does not say.</summary>
    public string? When { get; init; }

    /// <summary>What must follow; null when it is the criterion itself.</summary>
    public string? Then { get; init; }

    /// <summary>Who is allowed to do something; null when the criterion is not about that.</summary>
    public string? Actor { get; init; }

    /// <summary>What the actor is allowed to do.</summary>
    public string? Action { get; init; }

    public static CriterionReading Of(string criterion)
    {
        var text = MarkdownText.OneLine(criterion, 300).TrimEnd('.');
        return Scenario(text) ?? Conditional(text) ?? Ability(text) ?? new() { Text = MarkdownText.Inline(text) };
    }

    private static CriterionReading? Scenario(string text)
    {
        var isGiven = text.StartsWith("given ", StringComparison.OrdinalIgnoreCase);
        var when = Clause(text, "when ");
        var then = Clause(text, "then ");
        if (then <= 0 || when > then || (when < 0 && !isGiven))
        {
            return null;
        }

        return new()
        {
            Text = MarkdownText.Inline(text),
            Given = isGiven ? Part(text[6..(when < 0 ? then : when)]) : null,
            When = when < 0 ? null : Part(text[(when + 5)..then]),
            Then = Part(text[(then + 5)..]),
        };
    }

    private static CriterionReading? Conditional(string text)
    {
        var comma = text.IndexOf(", ", StringComparison.Ordinal);
        return comma > 0 && Array.Find(Conditions, word => text.StartsWith(word, StringComparison.OrdinalIgnoreCase)) is { } start && comma > start.Length
            ? new() { Text = MarkdownText.Inline(text), When = Part(text[start.Length..comma]), Then = Part(text[(comma + 1)..]) }
            : null;
    }

    private static CriterionReading? Ability(string text)
    {
        var (word, at) = Abilities
            .Select(word => (Word: word, At: text.IndexOf(word, StringComparison.OrdinalIgnoreCase)))
            .Where(pair => pair.At > 0)
            .OrderBy(pair => pair.At)
            .FirstOrDefault();
        return word is null
            ? null
            : new() { Text = MarkdownText.Inline(text), Actor = Part(Lower(text[..at])), Action = Part(text[(at + word.Length)..]) };
    }

    // A step's word counts only where a clause begins.
    private static int Clause(string text, string word)
    {
        var at = text.IndexOf(word, StringComparison.OrdinalIgnoreCase);
        while (at > 0 && text[at - 1] is not (' ' or ','))
        {
            at = text.IndexOf(word, at + 1, StringComparison.OrdinalIgnoreCase);
        }

        return at;
    }

    private static string Lower(string text) =>
        Array.Exists(LowerFirst, start => text.StartsWith(start, StringComparison.Ordinal)) ? char.ToLowerInvariant(text[0]) + text[1..] : text;

    private static string Part(string text) => MarkdownText.Inline(text.Trim(' ', ',', ';', '.'));
}
