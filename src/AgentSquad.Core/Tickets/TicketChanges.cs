namespace AgentSquad.Core.Tickets;

/// <summary>
/// What differs between two readings of a ticket. A run compares readings instead of trusting events, because events come late, twice or
/// not at all.
/// </summary>
/// <param name="Before">The earlier reading.</param>
/// <param name="Now">The later reading.</param>
public sealed record TicketChanges(Ticket Before, Ticket Now)
{
    /// <summary>Names of the changed parts that say what is asked: summary, description, issue type, priority, labels, components, fields.</summary>
    public IReadOnlyList<string> Asked { get; } = FindAsked(Before, Now);

    /// <summary>Whether the ticket came into a status of the category done.</summary>
    public bool WasClosed => Now.Status.Category == StatusCategory.Done && Before.Status.Category != StatusCategory.Done;

    /// <summary>Whether the ticket is in another project now; its key differs then too.</summary>
    public bool WasMoved => !string.Equals(Before.ProjectKey, Now.ProjectKey, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a label was there and is not any more, ignoring case.</summary>
    /// <param name="label">The label.</param>
    public bool LostLabel(string label) => Has(Before, label) && !Has(Now, label);

    /// <summary>Whether an account was the assignee and is not any more.</summary>
    /// <param name="accountId">The account.</param>
    public bool Unassigned(string accountId) =>
        string.Equals(Before.Assignee?.AccountId, accountId, StringComparison.Ordinal)
        && !string.Equals(Now.Assignee?.AccountId, accountId, StringComparison.Ordinal);

    private static bool Has(Ticket ticket, string label) => ticket.Labels.Contains(label, StringComparer.OrdinalIgnoreCase);

    private static List<string> FindAsked(Ticket before, Ticket now)
    {
        static bool SameList(IReadOnlyList<string> one, IReadOnlyList<string> other) =>
            one.ToHashSet(StringComparer.OrdinalIgnoreCase).SetEquals(other);

        var names = new List<string>();
        void Compare(string name, bool isSame)
        {
            if (!isSame)
            {
                names.Add(name);
            }
        }

        Compare("summary", before.Summary == now.Summary);
        Compare("description", before.Description == now.Description);
        Compare("issue type", before.IssueType == now.IssueType);
        Compare("priority", before.Priority == now.Priority);
        Compare("labels", SameList(before.Labels, now.Labels));
        Compare("components", SameList(before.Components, now.Components));
        names.AddRange(before.Fields.Keys.Union(now.Fields.Keys).Order(StringComparer.Ordinal)
            .Where(field => !SameList(before.Fields.GetValueOrDefault(field, []), now.Fields.GetValueOrDefault(field, []))));
        return names;
    }
}
