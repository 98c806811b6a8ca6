using System.Text;

namespace AgentSquad.Core.Policies;

/// <summary>Puts names from a payload into a sentence: one line, short, and visibly a quotation.</summary>
internal static class Words
{
    private const int Longest = 60;

    /// <summary>Quotes a name in backticks; line breaks and backticks become spaces, long names are cut.</summary>
    public static string Quote(string name)
    {
        var text = new StringBuilder("`");
        foreach (var rune in name.EnumerateRunes())
        {
            if (text.Length > Longest)
            {
                text.Append('…');
                break;
            }

            text.Append(Rune.IsControl(rune) || rune.Value is '`' or 0x2028 or 0x2029 ? " " : rune.ToString());
        }

        return text.Append('`').ToString();
    }

    /// <summary>Lists quoted names: <c>`a`</c>, <c>`a` and `b`</c>, <c>`a`, `b` and 3 more</c>.</summary>
    public static string QuoteAll(IReadOnlyList<string> names) => names.Count switch
    {
        0 => "nothing",
        1 => Quote(names[0]),
        2 => $"{Quote(names[0])} and {Quote(names[1])}",
        3 => $"{Quote(names[0])}, {Quote(names[1])} and {Quote(names[2])}",
        _ => $"{Quote(names[0])}, {Quote(names[1])} and {names.Count - 2} more",
    };
}
