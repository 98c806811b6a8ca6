using AgentSquad.Agents.Safety;

namespace AgentSquad.Agents.Answers;

/// <summary>Finds the statement that a model meant to repeat: characters that prompts do not carry, and spaces, are no difference.</summary>
internal static class WordForWord
{
    /// <summary>The statement among those known that reads the same; the text itself when there is none.</summary>
    public static string Of(IReadOnlyList<string> known, string text)
    {
        var bare = Bare(text);
        return known.FirstOrDefault(statement => string.Equals(Bare(statement), bare, StringComparison.Ordinal)) ?? text;
    }

    private static string Bare(string text) => string.Join(' ', DataFence.Visible(text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
