using System.Globalization;
using System.Text;
using AgentSquad.Core.Policies;

namespace AgentSquad.Core.Commands;

/// <summary>
/// Reads a command from the first line of a comment: <c>/squad start|status|approve|revise &lt;why&gt;|retry|pause|resume|stop|extend
/// &lt;amount&gt;|help</c>. The line has to begin with <c>/squad</c>, so a quote, a code block or a mention is never a command.
/// </summary>
public static class SquadCommandParser
{
    private const string Prefix = "/squad";
    private const string HowToGetHelp = "`/squad help` lists the commands.";
    private const int LongestReason = 4_000;
    private const decimal LargestAmount = 1_000_000m;
    private const string LineEnds = "\n\r\u2028\u2029";

    private static readonly Dictionary<string, CommandKind> Kinds =
        Enum.GetValues<CommandKind>().ToDictionary(kind => kind.ToString(), StringComparer.OrdinalIgnoreCase);

    /// <summary>Parses the text of a comment. Case and the amount of space between words do not matter; a bare <c>/squad</c> is help.</summary>
    /// <param name="text">Plain text or Markdown of the comment; only its first line is read, where a break within a paragraph ends a line too.</param>
    /// <returns>A command, an error, or <see cref="CommandParse.None"/>. Never throws.</returns>
    public static CommandParse Parse(string? text)
    {
        var line = FirstLine(text);
        if (!line.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            return CommandParse.None;
        }

        var rest = line[Prefix.Length..];
        if (rest.Length > 0 && !char.IsWhiteSpace(rest[0]))
        {
            return CommandParse.None;
        }

        var words = rest.Trim();
        var end = 0;
        while (end < words.Length && !char.IsWhiteSpace(words[end]))
        {
            end++;
        }

        return ParseCommand(words[..end].ToString(), Unescape(words[end..].Trim()));
    }

    private static CommandParse ParseCommand(string name, string argument)
    {
        if (name.Length == 0)
        {
            return CommandParse.Found(new(CommandKind.Help));
        }

        if (!Kinds.TryGetValue(name, out var kind))
        {
            return CommandParse.Wrong($"{Words.Quote(name)} is not a command of the squad. {HowToGetHelp}");
        }

        return kind switch
        {
            CommandKind.Revise => ParseRevise(argument),
            CommandKind.Extend => ParseExtend(argument),
            _ when argument.Length > 0 => CommandParse.Wrong(
                $"`/squad {name.ToLowerInvariant()}` takes nothing after it; put other text on the next line. Nothing was done."),
            _ => CommandParse.Found(new(kind)),
        };
    }

    private static CommandParse ParseRevise(string why) => why.Length switch
    {
        0 => CommandParse.Wrong("Say what the new plan should do differently: `/squad revise <why>`."),
        > LongestReason => CommandParse.Wrong(
            string.Create(CultureInfo.InvariantCulture, $"The reason of `/squad revise` is too long; {LongestReason} characters are the limit.")),
        _ => CommandParse.Found(new(CommandKind.Revise, Reason: why)),
    };

    private static CommandParse ParseExtend(string text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) && amount is > 0 and <= LargestAmount
            ? CommandParse.Found(new(CommandKind.Extend, Amount: amount))
            : CommandParse.Wrong("Give the amount to add as a plain number greater than zero: `/squad extend 2.00`.");

    private static ReadOnlySpan<char> FirstLine(string? text)
    {
        var line = text.AsSpan();
        var end = line.IndexOfAny(LineEnds);
        var first = end < 0 ? line : line[..end];

        // A break within a paragraph (Shift+Enter) is a backslash before the line's end in Markdown, or <br> where no line follows.
        var isBroken = end >= 0 && (first.Length - first.TrimEnd('\\').Length) % 2 == 1;
        first = isBroken ? first[..^1] : first;
        var tag = first.IndexOf("<br>", StringComparison.OrdinalIgnoreCase);
        return tag < 0 || (tag > 0 && first[tag - 1] == '\\') ? first : first[..tag];
    }

    /// <summary>Takes Markdown's backslashes off, so that a reason reads as it was typed.</summary>
    private static string Unescape(ReadOnlySpan<char> text)
    {
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var isEscape = text[i] == '\\' && i + 1 < text.Length && char.IsAscii(text[i + 1]) && (char.IsPunctuation(text[i + 1]) || char.IsSymbol(text[i + 1]));
            plain.Append(isEscape ? text[++i] : text[i]);
        }

        return plain.ToString();
    }
}
