namespace AgentSquad.Agents.Offline.Reading;

/// <summary>What a section of a description is about.</summary>
internal enum SectionKind
{
    /// <summary>Anything else.</summary>
    Other,

    /// <summary>Acceptance criteria.</summary>
    Criteria,

    /// <summary>What should be the case.</summary>
    Expected,

    /// <summary>What is the case.</summary>
    Problem,

    /// <summary>How to see it.</summary>
    Steps,

    /// <summary>What does not belong to it.</summary>
    OutOfScope,

    /// <summary>What is not settled.</summary>
    Open,
}

/// <summary>Names under which people write the sections of a ticket.</summary>
internal static class SectionNames
{
    private static readonly Dictionary<string, SectionKind> Kinds = new(StringComparer.OrdinalIgnoreCase)
    {
        ["acceptance criteria"] = SectionKind.Criteria,
        ["acceptance criterion"] = SectionKind.Criteria,
        ["acceptance"] = SectionKind.Criteria,
        ["acceptance tests"] = SectionKind.Criteria,
        ["acs"] = SectionKind.Criteria,
        ["ac"] = SectionKind.Criteria,
        ["definition of done"] = SectionKind.Criteria,
        ["dod"] = SectionKind.Criteria,
        ["done when"] = SectionKind.Criteria,
        ["success criteria"] = SectionKind.Criteria,
        ["requirements"] = SectionKind.Criteria,
        ["akzeptanzkriterien"] = SectionKind.Criteria,
        ["abnahmekriterien"] = SectionKind.Criteria,
        ["critères d'acceptation"] = SectionKind.Criteria,
        ["criterios de aceptación"] = SectionKind.Criteria,
        ["expected"] = SectionKind.Expected,
        ["expected result"] = SectionKind.Expected,
        ["expected results"] = SectionKind.Expected,
        ["expected behaviour"] = SectionKind.Expected,
        ["expected behavior"] = SectionKind.Expected,
        ["expected outcome"] = SectionKind.Expected,
        ["desired behaviour"] = SectionKind.Expected,
        ["desired behavior"] = SectionKind.Expected,
        ["outcome"] = SectionKind.Expected,
        ["goal"] = SectionKind.Expected,
        ["goals"] = SectionKind.Expected,
        ["solution"] = SectionKind.Expected,
        ["proposed solution"] = SectionKind.Expected,
        ["problem"] = SectionKind.Problem,
        ["problem statement"] = SectionKind.Problem,
        ["background"] = SectionKind.Problem,
        ["context"] = SectionKind.Problem,
        ["motivation"] = SectionKind.Problem,
        ["why"] = SectionKind.Problem,
        ["description"] = SectionKind.Problem,
        ["actual"] = SectionKind.Problem,
        ["actual result"] = SectionKind.Problem,
        ["actual results"] = SectionKind.Problem,
        ["actual behaviour"] = SectionKind.Problem,
        ["actual behavior"] = SectionKind.Problem,
        ["current behaviour"] = SectionKind.Problem,
        ["current behavior"] = SectionKind.Problem,
        ["steps"] = SectionKind.Steps,
        ["steps to reproduce"] = SectionKind.Steps,
        ["how to reproduce"] = SectionKind.Steps,
        ["reproduction"] = SectionKind.Steps,
        ["out of scope"] = SectionKind.OutOfScope,
        ["not in scope"] = SectionKind.OutOfScope,
        ["non-goals"] = SectionKind.OutOfScope,
        ["non goals"] = SectionKind.OutOfScope,
        ["open questions"] = SectionKind.Open,
        ["open points"] = SectionKind.Open,
        ["questions"] = SectionKind.Open,
        ["tbd"] = SectionKind.Open,
    };

    /// <summary>Whether the line is the name of a section and nothing else.</summary>
    public static bool IsKnown(string text) => Kinds.ContainsKey(Normalize(text));

    /// <summary>The kind of a section by its heading.</summary>
    public static SectionKind Of(string heading) => Kinds.GetValueOrDefault(Normalize(heading));

    private static string Normalize(string text)
    {
        var start = 0;
        var end = Math.Min(text.Length, 80);
        while (start < end && !char.IsLetter(text[start]))
        {
            start++;
        }

        while (end > start && !char.IsLetter(text[end - 1]))
        {
            end--;
        }

        return text[start..end].Replace("(s)", "s", StringComparison.Ordinal);
    }
}
