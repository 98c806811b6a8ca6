using AgentSquad.Core.Squad;
using AgentSquad.Core.Tickets;

namespace AgentSquad.Agents.Offline.Reading;

/// <summary>A part of a description below one heading; the first has none.</summary>
/// <param name="Heading">The heading's text; empty for the part before the first heading.</param>
/// <param name="Kind">What it is about.</param>
/// <param name="Lines">Its lines.</param>
internal sealed record Section(string Heading, SectionKind Kind, IReadOnlyList<DescriptionLine> Lines);

/// <summary>A ticket as the rules read it: its sections, criteria and words, with what people wrote since.</summary>
internal sealed class TicketReading
{
    private TicketReading(string summary, IReadOnlyList<Section> sections, Criteria criteria, WordIndex words, WordIndex summaryWords, string text)
    {
        Summary = summary;
        Sections = sections;
        Criteria = criteria;
        Words = words;
        SummaryWords = summaryWords;
        Text = text;
    }

    public string Summary { get; }

    public IReadOnlyList<Section> Sections { get; }

    public Criteria Criteria { get; }

    /// <summary>Words of summary, description and conversation.</summary>
    public WordIndex Words { get; }

    public WordIndex SummaryWords { get; }

    /// <summary>Description and conversation without code, one line per line.</summary>
    public string Text { get; }

    /// <summary>Reads a ticket together with what people wrote on it.</summary>
    public static TicketReading Of(Ticket ticket, IReadOnlyList<TicketNote> conversation)
    {
        var sections = Split(DescriptionParser.Parse(ticket.Description));
        foreach (var note in conversation.TakeLast(50))
        {
            sections.AddRange(Split(DescriptionParser.Parse(WithoutCommand(note.Text))));
        }

        var summary = InlineMarkdown.Plain(ticket.Summary);
        var prose = sections
            .SelectMany(section => section.Lines.Select(line => line).Prepend(new(LineKind.Heading, section.Heading)))
            .Where(line => line.Kind is not (LineKind.Code or LineKind.Blank) && line.Text.Length > 0)
            .Select(line => line.Text)
            .ToList();
        return new(
            summary,
            sections,
            CriteriaReader.Read(summary, sections),
            new WordIndex(prose.Prepend(summary)),
            new WordIndex(summary),
            string.Join('\n', prose));
    }

    public bool HasSection(SectionKind kind) =>
        Sections.Any(section => section.Kind == kind && section.Lines.Any(line => line.Kind != LineKind.Blank));

    private static string WithoutCommand(string text)
    {
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        return !text.StartsWith("/squad", StringComparison.OrdinalIgnoreCase) ? text : end < 0 ? "" : text[(end + 1)..];
    }

    private static List<Section> Split(IReadOnlyList<DescriptionLine> lines)
    {
        var sections = new List<Section>();
        var heading = "";
        var current = new List<DescriptionLine>();
        foreach (var line in lines)
        {
            if (line.Kind == LineKind.Heading)
            {
                sections.Add(new(heading, SectionNames.Of(heading), current));
                heading = line.Text;
                current = [];
            }
            else
            {
                current.Add(line);
            }
        }

        sections.Add(new(heading, SectionNames.Of(heading), current));
        return sections;
    }
}
