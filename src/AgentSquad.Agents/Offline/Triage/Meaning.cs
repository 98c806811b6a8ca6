namespace AgentSquad.Agents.Offline.Triage;

/// <summary>Tells text that says something from placeholders and keyboard noise. Errs on the side of meaning.</summary>
internal static class Meaning
{
    private static readonly HashSet<string> Fillers = new(StringComparer.Ordinal)
    {
        "a", "an", "the", "and", "or", "of", "to", "in", "on", "it", "is", "this", "that", "please", "pls", "plz", "help", "asap", "urgent", "todo",
        "tbd", "tba", "wip", "na", "none", "nothing", "something", "stuff", "thing", "things", "etc", "test", "testing", "tests", "ticket", "issue",
        "task", "story", "bug", "new", "foo", "bar", "baz", "lorem", "ipsum", "dolor", "hello", "hi", "hey", "blah", "bla", "fix", "do", "make",
        "xxx", "abc", "dummy", "placeholder", "untitled", "title", "summary", "description", "sample", "example", "here", "there", "me", "us",
        "yes", "no", "ok", "okay", "sure", "maybe", "thanks", "thx",
    };

    private static readonly string[] KeyboardRows = ["qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "yxcvbnm"];

    /// <summary>Whether a line says something: two words that carry meaning, or one among three.</summary>
    public static bool IsEnough(string text) => Words(text) is var words and > 0
        && (words >= 2 || text.Split((char[]?)null, 4, StringSplitOptions.RemoveEmptyEntries).Length >= 3);

    /// <summary>Number of different words that carry meaning; counting stops at fifty.</summary>
    public static int Words(string text)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        var start = -1;
        for (var i = 0; i <= text.Length && found.Count < 50; i++)
        {
            if (i < text.Length && char.IsLetter(text[i]))
            {
                start = start < 0 ? i : start;
                continue;
            }

            if (start >= 0)
            {
                Count(text[start..i], found);
                start = -1;
            }
        }

        return found.Count;
    }

    private static void Count(string word, HashSet<string> found)
    {
        // Scripts without spaces: a run of letters is a phrase, about two letters a word.
        if (word[0] >= '\u2E80')
        {
            for (var i = 0; i + 1 < word.Length && found.Count < 50; i += 2)
            {
                found.Add(word.Substring(i, 2));
            }

            return;
        }

        var lower = word.ToLowerInvariant();
        if (lower.Length >= 2 && !Fillers.Contains(lower) && !IsNoise(lower))
        {
            found.Add(lower);
        }
    }

    private static bool IsNoise(string word) =>
        word.Distinct().Count() == 1 || (word.Length >= 4 && Array.Exists(KeyboardRows, row => row.Contains(word[..4], StringComparison.Ordinal)));
}
