using AgentSquad.Core.Voice;

namespace AgentSquad.Agents.Offline.Reading;

/// <summary>Finds acceptance criteria: in their section, as scenarios, as checklists, else in what the ticket says it wants.</summary>
internal static class CriteriaReader
{
    /// <summary>Most criteria that one run works on.</summary>
    public const int Most = 20;

    private const int Longest = 300;
    private const int MostRead = 1_000;

    private static readonly string[] Demands =
        ["must", "shall", "should", "needs to", "need to", "has to", "have to", "is required to", "muss", "müssen", "soll", "sollen"];

    public static Criteria Read(string summary, IReadOnlyList<Section> sections)
    {
        var stated = sections.Where(section => section.Kind == SectionKind.Criteria).SelectMany(InSection)
            .Concat(sections.SelectMany(section => ScenarioReader.Read(section.Lines)).Select(scenario => scenario.Text))
            .Concat(sections.SelectMany(section => section.Lines).Select(Numbered).OfType<string>());
        if (Collect(stated, CriteriaOrigin.Stated) is { } listed)
        {
            return listed;
        }

        var checks = sections.Where(section => section.Kind is not (SectionKind.OutOfScope or SectionKind.Open))
            .SelectMany(section => section.Lines).Where(line => line.Kind == LineKind.Check).Select(line => line.Text);
        if (Collect(checks, CriteriaOrigin.Stated) is { } checklist)
        {
            return checklist;
        }

        var expected = sections.Where(section => section.Kind == SectionKind.Expected).SelectMany(InSection);
        return Collect(expected, CriteriaOrigin.Derived)
            ?? Collect(Demanded(sections), CriteriaOrigin.Derived)
            ?? Collect(sections.SelectMany(section => section.Lines).Select(Wanted).OfType<string>(), CriteriaOrigin.Derived)
            ?? new([Assumed(summary)], CriteriaOrigin.Assumed, 0);
    }

    private static string Assumed(string summary) =>
        MarkdownText.OneLine(summary, Longest) is { Length: > 0 } text ? $"What the summary asks for is the case: {text}" : "The ticket's aim is reached";

    private static Criteria? Collect(IEnumerable<string> texts, CriteriaOrigin origin)
    {
        var items = texts.Take(MostRead).Select(text => MarkdownText.OneLine(text, Longest).TrimEnd(';', ',', '.', ' '))
            .Where(text => text.Count(char.IsLetter) >= 3)
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .ToList();
        return items.Count == 0 ? null : new(items.Take(Most).ToList(), origin, Math.Max(0, items.Count - Most));
    }

    /// <summary>The items of a section, each with what is nested below it; its lines of text when it has no items. Scenarios are left out.</summary>
    private static IEnumerable<string> InSection(Section section)
    {
        var inScenarios = ScenarioReader.Read(section.Lines)
            .SelectMany(scenario => Enumerable.Range(scenario.First, scenario.Count))
            .ToHashSet();
        var lines = section.Lines.Where((_, i) => !inScenarios.Contains(i)).ToList();
        var items = lines.Where(line => line.Kind is LineKind.Item or LineKind.Check).ToList();
        if (items.Count == 0)
        {
            return lines.Where(line => line.Kind == LineKind.Text && Numbered(line) is null).Select(line => line.Text);
        }

        var top = items.Min(item => item.Indent);
        var texts = new List<string>();
        foreach (var item in items)
        {
            if (item.Indent > top + 1 && texts.Count > 0)
            {
                texts[^1] = texts[^1].Length > Longest ? texts[^1] : $"{texts[^1].TrimEnd('.', ':')}; {item.Text}";
            }
            else
            {
                texts.Add(item.Text);
            }
        }

        return texts.Select(text => StripNumber(text) ?? text);
    }

    private static string? Numbered(DescriptionLine line) => line.Kind is LineKind.Text or LineKind.Item ? StripNumber(line.Text) : null;

    /// <summary>The text after <c>AC1:</c>, <c>AC 1 -</c> or <c>AC-1.</c>; null when the line does not start so.</summary>
    private static string? StripNumber(string text)
    {
        if (text.Length < 5 || !text.StartsWith("AC", StringComparison.Ordinal))
        {
            return null;
        }

        var at = 2;
        while (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] is ' ' or '-' or '#'))
        {
            at++;
        }

        var hasNumber = text.AsSpan(2, at - 2).IndexOfAnyInRange('0', '9') >= 0;
        if (at < text.Length && text[at] is ':' or '.' or ')')
        {
            return text[(at + 1)..].Trim();
        }

        return hasNumber && at < text.Length && text[at - 1] is ' ' or '-' ? text[at..].Trim() : null;
    }

    private static IEnumerable<string> Demanded(IReadOnlyList<Section> sections) => sections
        .Where(section => section.Kind is not (SectionKind.OutOfScope or SectionKind.Open or SectionKind.Steps))
        .SelectMany(section => section.Lines)
        .Where(line => line.Kind is LineKind.Text or LineKind.Item)
        .SelectMany(line => Sentences(line.Text))
        .Where(sentence => sentence.Length < 4 * Longest && new WordIndex(sentence).HasAny(Demands))
        .Take(Most * 4);

    /// <summary>From <c>As a user, I want to export the list, so that ...</c> the wanted part.</summary>
    private static string? Wanted(DescriptionLine line)
    {
        var text = line.Text;
        var start = text.IndexOf("I want", StringComparison.OrdinalIgnoreCase);
        start = start < 0 ? text.IndexOf("we want", StringComparison.OrdinalIgnoreCase) : start;
        if (start < 0)
        {
            return null;
        }

        var end = text.IndexOf("so that", start, StringComparison.OrdinalIgnoreCase);
        return (end < 0 ? text[start..] : text[start..end]).Trim(' ', ',', '.');
    }

    private static IEnumerable<string> Sentences(string text)
    {
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is '.' or '!' or '?' && (i + 1 == text.Length || text[i + 1] == ' '))
            {
                yield return text[start..i].Trim();
                start = i + 1;
            }
        }

        if (start < text.Length)
        {
            yield return text[start..].Trim();
        }
    }
}
