using AgentSquad.Atlassian.Adf;
using Markdig;
using Markdig.Syntax;

namespace AgentSquad.Atlassian.Jira.Text;

/// <summary>Cuts Markdown into pieces that each stay under a limit: between blocks, else between lines, else between words, else anywhere.</summary>
internal static class MarkdownSplitter
{
    /// <summary>Splits a text. The pieces together hold all of it.</summary>
    /// <param name="markdown">The text.</param>
    /// <param name="limit">Greatest length of a piece.</param>
    /// <param name="length">Measures a piece in the limit's unit; never shorter for a longer text.</param>
    public static IReadOnlyList<string> Split(string markdown, int limit, Func<string, int> length)
    {
        if (length(markdown) <= limit) return [markdown];
        var pieces = new List<string>();
        Pack(pieces, Blocks(markdown), "\n\n", limit, length, block => Pack(pieces, Lines(block), "\n", limit, length, line => PackLine(pieces, line, limit, length)));
        return pieces;
    }

    private static void Pack(
        List<string> pieces, IEnumerable<string> all, string separator, int limit, Func<string, int> length, Action<string> tooLong)
    {
        var parts = all.ToList();
        for (var at = 0; at < parts.Count;)
        {
            var count = Fitting(parts, at, separator, limit, length);
            if (count > 0) pieces.Add(string.Join(separator, parts.Skip(at).Take(count)));
            else tooLong(parts[at]);
            at += Math.Max(1, count);
        }
    }

    // How many parts from here fit together. Measuring converts the text, so the number is found by doubling and halving.
    private static int Fitting(List<string> parts, int at, string separator, int limit, Func<string, int> length)
    {
        bool Fits(int count) => length(string.Join(separator, parts.Skip(at).Take(count))) <= limit;
        var (fits, fails) = (0, 1);
        while (fails <= parts.Count - at && Fits(fails)) (fits, fails) = (fails, fails * 2);
        fails = Math.Min(fails, parts.Count - at + 1);
        while (fails - fits > 1)
        {
            var middle = (fits + fails) / 2;
            if (Fits(middle)) fits = middle;
            else fails = middle;
        }

        return fits;
    }

    private static IEnumerable<string> Blocks(string markdown)
    {
        MarkdownDocument document;
        try
        {
            document = Markdown.Parse(markdown);
        }
        catch (ArgumentException)
        {
            return markdown.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        }

        // From the start of a block to the start of the next, so that what belongs to no block is kept too.
        var starts = document.Select(block => block.Span.Start).Where(start => start > 0).Distinct().Order().ToList();
        var blocks = new List<string>();
        var at = 0;
        foreach (var start in starts.Append(markdown.Length))
        {
            var from = LineStart(markdown, start);
            if (from <= at) continue;
            var block = markdown[at..from].Trim('\n', '\r');
            if (block.Length > 0) blocks.Add(block);
            at = from;
        }

        if (at < markdown.Length) blocks.Add(markdown[at..]);
        return blocks;
    }

    private static int LineStart(string text, int at)
    {
        while (at > 0 && at < text.Length && text[at - 1] != '\n') at--;
        return at;
    }

    // A fence that is cut gets its own ends on both sides; a table repeats its header.
    private static IEnumerable<string> Lines(string block)
    {
        var lines = LineEnds.Normal(block).Split('\n');
        var mark = lines[0].TrimStart();
        if (lines.Length > 2 && (mark.StartsWith("```", StringComparison.Ordinal) || mark.StartsWith("~~~", StringComparison.Ordinal)))
        {
            var fence = new string(mark[0], mark.TakeWhile(character => character == mark[0]).Count());
            var body = lines[^1].Trim() == fence ? lines[1..^1] : lines[1..];
            return Wrapped(body, lines[0] + "\n", "\n" + fence);
        }

        return lines.Length > 3 && mark.StartsWith('|') && lines[1].Contains("---", StringComparison.Ordinal)
            ? Wrapped(lines[2..], $"{lines[0]}\n{lines[1]}\n", "")
            : lines;
    }

    // Fixed groups small enough to fit with any neighbour; a piece that holds several groups only repeats the frame.
    private static IEnumerable<string> Wrapped(string[] lines, string before, string after)
    {
        const int groupLength = 6_000;
        var group = new List<string>();
        var length = 0;
        foreach (var line in lines.SelectMany(line => Chop(line, groupLength)))
        {
            if (length + line.Length > groupLength && group.Count > 0)
            {
                yield return before + string.Join('\n', group) + after;
                group.Clear();
                length = 0;
            }

            group.Add(line);
            length += line.Length + 1;
        }

        if (group.Count > 0) yield return before + string.Join('\n', group) + after;
    }

    private static void PackLine(List<string> pieces, string line, int limit, Func<string, int> length)
    {
        var size = Math.Max(16, limit / 4);
        while (true)
        {
            var parts = Chop(line, size).ToList();
            if (size <= 16 || parts.TrueForAll(part => length(part) <= limit))
            {
                pieces.AddRange(parts);
                return;
            }

            size /= 2;
        }
    }

    // At the last space that fits, else between characters, never inside one.
    private static IEnumerable<string> Chop(string text, int size)
    {
        var at = 0;
        while (text.Length - at > size)
        {
            var cut = text.LastIndexOf(' ', at + size - 1, size / 2);
            cut = cut > at ? cut + 1 : at + size;
            if (char.IsLowSurrogate(text[cut]) && cut - 1 > at) cut--;
            yield return text[at..cut];
            at = cut;
        }

        yield return text[at..];
    }
}
