using AgentSquad.Core.Tickets;

namespace AgentSquad.Core.Tests.Policies;

/// <summary>Events for tests.</summary>
internal static class Events
{
    public static readonly Person Rita = new("rita", "Rita Reporter");

    public static TicketEvent Created(params string[] labels) => Of(TicketEventKind.Created, "jira:issue_created") with { Labels = labels };

    public static TicketEvent Updated(params FieldChange[] changes) => Of(TicketEventKind.Updated, "jira:issue_updated") with { Changes = changes };

    public static TicketEvent LabelsChanged(string[] added, string[] removed) =>
        Updated(Change("labels")) with { LabelsAdded = added, LabelsRemoved = removed };

    public static TicketEvent Commented(string text) =>
        Of(TicketEventKind.CommentCreated, "comment_created") with { Comment = new("7", Rita, text) };

    public static TicketEvent Of(TicketEventKind kind, string name) =>
        new() { Kind = kind, Name = name, TicketId = "10001", TicketKey = "TEST-1", ProjectKey = "TEST", IssueType = "Story", Priority = "High" };

    public static FieldChange Change(string field, string? to = null, string? toText = null) => new(field, null, null, to, toText);
}
