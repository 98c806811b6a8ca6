using System.Globalization;
using AgentSquad.Core.Voice;

namespace AgentSquad.Agents.Offline.Work;

/// <summary>Checkable details in the words of a criterion: figures, enumerations, exact words, restrictions. All text is escaped for Markdown.</summary>
internal sealed record CriterionDetails(
    IReadOnlyList<Figure> Figures, IReadOnlyList<string> Values, IReadOnlyList<string> ExactWords, string? OnlyFor)
{
    private const int Most = 4;
    private const int MostValues = 12;

    private static readonly string[] Restrictions = ["only for ", "only to ", "only by ", "only when ", "only if ", "only "];

    public static CriterionDetails Of(string criterion)
    {
        var text = MarkdownText.OneLine(criterion, 300).TrimEnd('.');
        return new(Figure.FindAll(text).Take(Most).ToList(), FindValues(text), FindExactWords(text), FindOnly(text));
    }

    /// <summary>The members of a list such as <c>columns: number, date and total</c>; empty when there is none of at least three.</summary>
    private static List<string> FindValues(string text)
    {
        var colon = text.IndexOf(": ", StringComparison.Ordinal);
        var list = colon >= 0 ? text[(colon + 2)..] : text;
        var parts = list.Split(", ").SelectMany(part => part.Split(" and ")).Select(part => part.Trim(' ', ',', ';', '"'))
            .Where(part => part.Length > 0).ToList();
        if (parts.Count < 3)
        {
            return [];
        }

        // Without a colon the first member carries the sentence before it, and the list has to end the sentence.
        parts[0] = colon >= 0 ? parts[0] : parts[0][(parts[0].LastIndexOf(' ') + 1)..];
        var areValues = parts.All(part => part.Count(character => character == ' ') <= (colon >= 0 ? 3 : 1));
        return areValues ? parts.Take(MostValues).Select(part => MarkdownText.Inline(part, 60)).ToList() : [];
    }

    private static List<string> FindExactWords(string text)
    {
        var words = new List<string>();
        for (var start = text.AsSpan().IndexOfAny('"', '“', '„'); start >= 0 && words.Count < Most;)
        {
            var length = text.AsSpan(start + 1).IndexOfAny('"', '”', '“');
            if (length < 0)
            {
                break;
            }

            if (length is > 1 and <= 60)
            {
                words.Add(MarkdownText.Inline(text.Substring(start + 1, length)));
            }

            var from = start + length + 2;
            var next = from < text.Length ? text.AsSpan(from).IndexOfAny('"', '“', '„') : -1;
            start = next < 0 ? -1 : from + next;
        }

        return words;
    }

    private static string? FindOnly(string text)
    {
        foreach (var restriction in Restrictions)
        {
            var at = text.IndexOf(restriction, StringComparison.OrdinalIgnoreCase);
            if (at == 0 || (at > 0 && text[at - 1] == ' '))
            {
                return MarkdownText.Inline(text[(at + restriction.Length)..], 160) is { Length: > 0 } rest ? rest : null;
            }
        }

        return null;
    }
}

/// <summary>A number in a criterion with what it counts.</summary>
/// <param name="Value">The number.</param>
/// <param name="Unit">The word after it, escaped for Markdown.</param>
internal sealed record Figure(decimal Value, string Unit)
{
    private static readonly HashSet<string> TimeUnits = new(StringComparer.OrdinalIgnoreCase)
    {
        "ms", "s", "sec", "second", "seconds", "minute", "minutes", "hour", "hours", "milliseconds", "sekunde", "sekunden", "minuten", "stunden",
    };

    private static readonly HashSet<string> OtherUnits = new(StringComparer.OrdinalIgnoreCase)
    {
        "%", "percent", "kb", "mb", "gb", "kib", "mib", "gib", "px", "km", "kg", "eur", "usd",
    };

    private static readonly HashSet<string> NoUnits = new(StringComparer.OrdinalIgnoreCase)
    {
        "is", "was", "has", "as", "less", "this", "its", "us", "plus", "across", "does", "means", "instead",
    };

    /// <summary>Whether it is a limit on time, which is measured and not counted.</summary>
    public bool IsTime => TimeUnits.Contains(Unit);

    /// <summary>How to test it.</summary>
    public string TestCase => IsTime
        ? string.Create(CultureInfo.InvariantCulture, $"Measure 20 times with as much data as in use: none takes longer than {Value:N0} {Unit}")
        : Unit is "%" or "percent"
            ? string.Create(CultureInfo.InvariantCulture, $"Count over at least 200 cases: the share is on the right side of {Value:0.##} %")
            : string.Create(CultureInfo.InvariantCulture, $"Just below, at and just above: {Value - 1:N0}, {Value:N0} and {Value + 1:N0} {Unit}");

    /// <summary>Numbers that stand before a word, such as <c>10,000 orders</c>.</summary>
    public static IEnumerable<Figure> FindAll(string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < words.Length; i++)
        {
            var word = words[i].Trim('(', ')', ',', ';', ':');
            var isShare = word.EndsWith('%') && word.Length > 1;
            var unit = isShare ? "%" : i + 1 < words.Length ? words[i + 1].Trim('(', ')', ',', ';', ':', '.') : "";
            if (IsCounted(unit)
                && decimal.TryParse(word.TrimEnd('%'), NumberStyles.AllowThousands | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
                && value is > 0 and < 1_000_000_000)
            {
                yield return new(value, isShare ? unit : MarkdownText.Inline(unit));
            }
        }
    }

    // A plural or a known unit; what else follows a number, as in "404 when", counts nothing.
    private static bool IsCounted(string unit) => unit.Length <= 30 && !NoUnits.Contains(unit)
        && (TimeUnits.Contains(unit) || OtherUnits.Contains(unit) || (unit.Length > 2 && unit[^1] == 's' && char.IsLetter(unit[0])));
}
