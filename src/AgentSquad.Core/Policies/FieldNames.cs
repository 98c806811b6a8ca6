using AgentSquad.Core.Tickets;

namespace AgentSquad.Core.Policies;

/// <summary>Names that Jira gives to fields in a changelog, and what they mean to a run.</summary>
internal static class FieldNames
{
    public const string Assignee = "assignee";
    public const string Labels = "labels";
    public const string Status = "status";

    /// <summary>
    /// Fields whose change tells a run nothing: order on a board, time keeping, audience, links that the squad does not read, files that it reads
    /// when it reads the ticket next.
    /// </summary>
    private static readonly Dictionary<string, string> Silent = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Rank"] = "the order on the board",
        ["Sprint"] = "the sprint",
        ["Story Points"] = "a person's estimate",
        ["Story point estimate"] = "a person's estimate",
        ["timeestimate"] = "time tracking",
        ["timeoriginalestimate"] = "time tracking",
        ["timespent"] = "time tracking",
        ["WorklogId"] = "time tracking",
        ["WorklogTimeSpent"] = "time tracking",
        ["Workflow"] = "the workflow's own version",
        ["Attachment"] = "attached files",
        ["Link"] = "links",
        ["RemoteIssueLink"] = "links",
        ["RemoteWorkItemLink"] = "links",
        ["Comment"] = "a comment, which has its own event",
        ["watches"] = "who watches",
        ["watcher"] = "who watches",
        ["votes"] = "votes",
        ["Epic Child"] = "the tickets below this one",
        ["Epic Color"] = "a colour",
        ["Epic Colour"] = "a colour",
        ["Development"] = "links to code",
    };

    /// <summary>Whether the change is of the named field, ignoring case (<c>Status</c> and <c>status</c> both occur).</summary>
    public static bool Is(FieldChange change, string field) => string.Equals(change.Field, field, StringComparison.OrdinalIgnoreCase);

    /// <summary>What a silent field is about; null for a field that matters. Unknown fields matter: teams keep requirements in their own.</summary>
    public static string? WhySilent(string field) => Silent.GetValueOrDefault(field);
}
