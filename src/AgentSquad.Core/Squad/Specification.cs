using AgentSquad.Core.Tickets;
using AgentSquad.Core.Voice;

namespace AgentSquad.Core.Squad;

/// <summary>
/// What a ticket asks for once its questions were answered, written back so that people need not put it together from the comments. In a
/// description it is one section with a beginning and an end, replaced in place and not read by the squad itself.
/// </summary>
public static class Specification
{
    /// <summary>Title of the section.</summary>
    public const string Title = "Clarified specification (AgentSquad)";

    private const string Heading = "### " + Title;
    private const string End = "*End of the clarified specification*";
    private const int MostNotes = 20;

    /// <summary>Renders the specification.</summary>
    /// <param name="ticket">The ticket as it was judged.</param>
    /// <param name="triage">What triage made of it.</param>
    /// <param name="conversation">What people answered, oldest first.</param>
    /// <param name="source"><see cref="ISquadAgents.Source"/> of the agents.</param>
    /// <returns>Markdown without a heading of its own.</returns>
    public static string Render(Ticket ticket, TriageResult triage, IReadOnlyList<TicketNote> conversation, string source) => Phrases.Blocks(
        $"**{MarkdownText.Inline(ticket.Summary, 300)}**",
        Section("Acceptance criteria", triage.AcceptanceCriteria),
        Section("Said on the ticket", conversation.TakeLast(MostNotes).Select(note => $"{note.Author?.DisplayName ?? "Someone"}: {note.Text}")),
        Section("Assumed, because the ticket does not say", triage.Improvements),
        Phrases.Source(source));

    /// <summary>A description without the squad's section.</summary>
    public static string Strip(string description)
    {
        var lines = Lines(description);
        var (from, to) = Find(lines);
        if (from < 0)
        {
            return description;
        }

        var before = string.Join('\n', lines[..from]).TrimEnd();
        var after = string.Join('\n', lines[to..]).Trim('\n');
        return before.Length > 0 && after.Length > 0 ? $"{before}\n\n{after}" : before + after;
    }

    /// <summary>A description with the section put at its end, instead of an earlier one.</summary>
    /// <param name="description">The description as read.</param>
    /// <param name="specification">Markdown from <see cref="Render"/>.</param>
    public static string Put(string description, string specification) =>
        Phrases.Blocks(Strip(description).TrimEnd(), Heading, specification, End);

    private static string[] Lines(string text) => text.ReplaceLineEndings("\n").Split('\n');

    // A section whose end somebody deleted reaches to the next heading: what people wrote below it stays theirs.
    private static (int From, int To) Find(string[] lines)
    {
        var from = Array.FindIndex(lines, line => line.Trim() is var text && text.StartsWith('#') && text.TrimStart('#').Trim() == Title);
        if (from < 0)
        {
            return (-1, -1);
        }

        var end = Array.FindIndex(lines, from, line => line.Trim().Trim('*', '_') == End.Trim('*'));
        var heading = Array.FindIndex(lines, from + 1, line => line.TrimStart().StartsWith('#'));
        return (from, end >= 0 ? end + 1 : heading >= 0 ? heading : lines.Length);
    }

    private static string? Section(string title, IEnumerable<string> items) =>
        Phrases.Lines(Phrases.Bullets(items)) is { Length: > 0 } text ? $"**{title}**\n\n{text}" : null;
}
