namespace AgentSquad.Agents.Offline.Triage;

/// <summary>Two statements that differ only in whether they demand or forbid.</summary>
/// <param name="One">The first.</param>
/// <param name="Other">The second.</param>
internal sealed record Contradiction(string One, string Other)
{
    private static readonly HashSet<string> Negations = new(StringComparer.Ordinal)
    {
        "not", "no", "never", "mustn't", "shouldn't", "cannot", "can't", "won't", "nicht", "kein", "keine", "without",
    };

    private static readonly HashSet<string> Weightless = new(StringComparer.Ordinal)
    {
        "must", "should", "shall", "may", "can", "will", "the", "a", "an", "be", "is", "are", "to", "has", "have", "that", "it", "do", "does",
        "always", "any", "all",
    };

    /// <summary>Finds the first contradiction among statements; compares each by its set of words, so it is linear.</summary>
    public static Contradiction? Find(IEnumerable<string> statements)
    {
        var seen = new Dictionary<string, (string Text, bool IsNegative)>(StringComparer.Ordinal);
        foreach (var statement in statements)
        {
            var words = statement.ToLowerInvariant()
                .Split([' ', '.', ',', ';', ':', '!', '?', '(', ')', '"', '\t'], StringSplitOptions.RemoveEmptyEntries);
            var isNegative = words.Count(Negations.Contains) % 2 == 1;
            var core = words.Where(word => !Negations.Contains(word) && !Weightless.Contains(word)).Order(StringComparer.Ordinal).ToList();
            if (core.Count < 2)
            {
                continue;
            }

            var key = string.Join(' ', core);
            if (seen.TryGetValue(key, out var earlier) && earlier.IsNegative != isNegative)
            {
                return new(earlier.Text, statement);
            }

            seen.TryAdd(key, (statement, isNegative));
        }

        return null;
    }
}
