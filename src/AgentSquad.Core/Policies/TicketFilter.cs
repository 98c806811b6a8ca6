using AgentSquad.Core.Tickets;

namespace AgentSquad.Core.Policies;

/// <summary>
/// Which tickets a policy admits. Each list names admitted values, compared ignoring case; an empty list admits everything. All lists must
/// admit a ticket.
/// </summary>
/// <remarks>
/// An event often carries only part of its ticket. What it does not carry cannot refuse it: the run looks at the ticket itself again
/// (<see cref="Refuse(Ticket)"/>) before it says anything.
/// </remarks>
public sealed record TicketFilter
{
    /// <summary>Admits every ticket.</summary>
    public static TicketFilter All { get; } = new();

    /// <summary>Keys of the admitted projects.</summary>
    public IReadOnlyList<string> Projects { get; init; } = [];

    /// <summary>Names of the admitted issue types.</summary>
    public IReadOnlyList<string> IssueTypes { get; init; } = [];

    /// <summary>Names of the admitted priorities.</summary>
    public IReadOnlyList<string> Priorities { get; init; } = [];

    /// <summary>Names of the admitted components; a ticket needs one of them.</summary>
    public IReadOnlyList<string> Components { get; init; } = [];

    /// <summary>Admitted values by field id or name; a ticket needs one of the values of each field.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> FieldValues { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Says why an event's ticket is not admitted.</summary>
    /// <param name="ticketEvent">The event.</param>
    /// <returns>A clause such as <c>the project `OPS` is not one of those the policy admits</c>; null when nothing in the event refuses it.</returns>
    public string? Refuse(TicketEvent ticketEvent) =>
        RefuseOne("project", ticketEvent.ProjectKey, Projects)
        ?? RefuseOne("issue type", ticketEvent.IssueType, IssueTypes)
        ?? RefuseOne("priority", ticketEvent.Priority, Priorities)
        ?? RefuseAny("components", ticketEvent.Components, Components)
        ?? (ticketEvent.Fields is { } fields ? RefuseFields(fields, isWhole: false) : null);

    /// <summary>Says why a ticket, read in full, is not admitted.</summary>
    /// <param name="ticket">The ticket.</param>
    /// <returns>A clause as for events; null when it is admitted.</returns>
    public string? Refuse(Ticket ticket) =>
        RefuseOne("project", ticket.ProjectKey, Projects)
        ?? RefuseOne("issue type", ticket.IssueType, IssueTypes)
        ?? RefuseOne("priority", ticket.Priority ?? "", Priorities)
        ?? RefuseAny("components", ticket.Components, Components)
        ?? RefuseFields(ticket.Fields, isWhole: true);

    private static string? RefuseOne(string what, string? value, IReadOnlyList<string> admitted) => value switch
    {
        null => null,
        _ when admitted.Count == 0 || admitted.Contains(value, StringComparer.OrdinalIgnoreCase) => null,
        "" => $"the ticket has no {what}, and the policy asks for one",
        _ => $"the {what} {Words.Quote(value)} is not one of those the policy admits",
    };

    private static string? RefuseAny(string what, IReadOnlyList<string>? values, IReadOnlyList<string> admitted) =>
        values is null || admitted.Count == 0 || values.Any(value => admitted.Contains(value, StringComparer.OrdinalIgnoreCase))
            ? null
            : $"none of the ticket's {what} is one of those the policy admits";

    // An event names fields by id alone, so one that the policy names otherwise is not in it and cannot refuse it.
    private string? RefuseFields(IReadOnlyDictionary<string, IReadOnlyList<string>> fields, bool isWhole)
    {
        foreach (var (field, admitted) in FieldValues)
        {
            var values = fields.FirstOrDefault(entry => string.Equals(entry.Key, field, StringComparison.OrdinalIgnoreCase)).Value;
            if (values is null && !isWhole)
            {
                continue;
            }

            values ??= [];
            if (!values.Any(value => admitted.Contains(value, StringComparer.OrdinalIgnoreCase)))
            {
                return $"the field {Words.Quote(field)} has none of the values the policy admits";
            }
        }

        return null;
    }
}
