using System.Globalization;
using System.Text;

namespace AgentSquad.Agents.Prompts;

/// <summary>Cuts the parts of a prompt to a limit of tokens: by priority, and visibly.</summary>
internal static class ContextCut
{
    private const int BytesPerToken = 3;
    private const int WorthKeeping = 200;

    /// <summary>A careful estimate of the tokens of a text: three bytes of UTF-8 each, where four are usual.</summary>
    public static int Estimate(string text) => (Encoding.UTF8.GetByteCount(text) / BytesPerToken) + 1;

    /// <summary>The parts that fit, in their order; what was cut says so at its end.</summary>
    /// <param name="parts">The parts.</param>
    /// <param name="tokens">The limit.</param>
    public static IReadOnlyList<PromptPart> Fit(IReadOnlyList<PromptPart> parts, int tokens)
    {
        var left = tokens;
        var kept = new Dictionary<PromptPart, PromptPart>(ReferenceEqualityComparer.Instance);
        foreach (var part in parts.OrderBy(part => part.Priority))
        {
            var fitting = Cut(part, Math.Max(0, left));
            kept[part] = fitting;
            left -= Estimate(fitting.Text);
        }

        return [.. parts.Select(part => kept[part])];
    }

    private static PromptPart Cut(PromptPart part, int tokens)
    {
        if (Estimate(part.Text) <= tokens) return part;
        var bytes = Math.Max(0, (tokens * BytesPerToken) - 120);
        var length = 0;
        foreach (var rune in part.Text.EnumerateRunes())
        {
            bytes -= rune.Utf8SequenceLength;
            if (bytes < 0) break;
            length += rune.Utf16SequenceLength;
        }

        var keep = length < WorthKeeping ? "" : part.Text[..length];
        return part with
        {
            Text = keep + string.Create(CultureInfo.InvariantCulture, $"\n[left out for length: {part.Text.Length - keep.Length} more characters]"),
        };
    }
}
