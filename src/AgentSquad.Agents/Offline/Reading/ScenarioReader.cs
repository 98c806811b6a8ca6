namespace AgentSquad.Agents.Offline.Reading;

/// <summary>A scenario in Given/When/Then as one line, and which lines it came from.</summary>
/// <param name="Text">Its steps, joined by commas; empty when there is no Then among them.</param>
/// <param name="First">Index of its first line.</param>
/// <param name="Count">Number of lines.</param>
internal readonly record struct Scenario(string Text, int First, int Count);

/// <summary>Reads Given/When/Then scenarios, in text, lists and code blocks. Only complete ones, with a Then, count.</summary>
internal static class ScenarioReader
{
    private static readonly string[] Openers = ["given ", "when "];
    private static readonly string[] Others = ["then ", "and ", "but "];

    /// <summary>The scenarios among the lines of one section, in their order.</summary>
    public static IReadOnlyList<Scenario> Read(IReadOnlyList<DescriptionLine> lines)
    {
        var found = new List<Scenario>();
        for (var i = 0; i < lines.Count; i++)
        {
            if (!StartsWithAny(lines[i].Text.Trim(), Openers))
            {
                continue;
            }

            var scenario = ReadOne(lines, i);
            if (scenario.Text.Length > 0)
            {
                found.Add(scenario);
            }

            // Steps that came to no Then come to none from a later start either; to skip them keeps this linear.
            i += scenario.Count - 1;
        }

        return found;
    }

    private static Scenario ReadOne(IReadOnlyList<DescriptionLine> lines, int first)
    {
        var steps = new List<string>();
        var hasThen = false;
        var end = first;
        for (; end < lines.Count && end < first + 40; end++)
        {
            var text = lines[end].Text.Trim();
            var isThen = text.StartsWith("then ", StringComparison.OrdinalIgnoreCase);
            var isStep = isThen || StartsWithAny(text, Others) || (StartsWithAny(text, Openers) && !hasThen);
            if (text.Length > 0 && !isStep)
            {
                break;
            }

            if (text.Length > 0)
            {
                // One line may hold the whole scenario.
                hasThen |= isThen || text.Contains(" then ", StringComparison.OrdinalIgnoreCase);
                steps.Add(Step(text, isFirst: steps.Count == 0));
            }
        }

        return new(hasThen ? string.Join(", ", steps) : "", first, end - first);
    }

    private static string Step(string text, bool isFirst)
    {
        var step = text.TrimEnd('.', ',', ' ');
        return isFirst ? step : char.ToLowerInvariant(step[0]) + step[1..];
    }

    private static bool StartsWithAny(string text, string[] starts) =>
        Array.Exists(starts, start => text.StartsWith(start, StringComparison.OrdinalIgnoreCase));
}
