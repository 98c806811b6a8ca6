using System.Text;

namespace AgentSquad.Agents.Offline.Reading;

/// <summary>The words of a text, for rules that look for words and phrases. Lower case; a plural also counts as its singular.</summary>
internal sealed class WordIndex
{
    private readonly HashSet<string> _words = new(StringComparer.Ordinal);
    private readonly string _joined;

    public WordIndex(params IEnumerable<string> texts)
    {
        var joined = new StringBuilder(" ");
        foreach (var text in texts)
        {
            Read(text, joined);
            joined.Append("\n ");
        }

        _joined = joined.ToString();
    }

    /// <summary>Whether the text holds a word or, given several words with single spaces between them, the phrase.</summary>
    public bool Has(string wordOrPhrase) => wordOrPhrase.Contains(' ', StringComparison.Ordinal)
        ? _joined.Contains($" {wordOrPhrase} ", StringComparison.Ordinal)
        : _words.Contains(wordOrPhrase);

    /// <summary>Whether the text holds any of them.</summary>
    public bool HasAny(IEnumerable<string> wordsOrPhrases) => wordsOrPhrases.Any(Has);

    /// <summary>Those of the given words and phrases that the text holds.</summary>
    public IEnumerable<string> Among(IEnumerable<string> wordsOrPhrases) => wordsOrPhrases.Where(Has);

    private void Read(string text, StringBuilder joined)
    {
        var start = -1;
        for (var i = 0; i <= text.Length; i++)
        {
            // Signs such as # and + are part of names like c# and c++; a hyphen separates, so that labels match.
            if (i < text.Length && (char.IsLetterOrDigit(text[i]) || text[i] is '#' or '\'' or '%'))
            {
                start = start < 0 ? i : start;
                continue;
            }

            if (start >= 0)
            {
                Add(text[start..i].ToLowerInvariant(), joined);
                start = -1;
            }
        }
    }

    private void Add(string word, StringBuilder joined)
    {
        joined.Append(word).Append(' ');
        _words.Add(word);
        if (word.Length > 3 && word[^1] == 's' && word[^2] != 's')
        {
            _words.Add(word[..^1]);
            if (word.EndsWith("ies", StringComparison.Ordinal))
            {
                _words.Add(word[..^3] + "y");
            }
        }
    }
}
