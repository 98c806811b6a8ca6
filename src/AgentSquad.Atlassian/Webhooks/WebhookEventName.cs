using System.Text.Json;
using System.Text.RegularExpressions;
using AgentSquad.Atlassian.Json;
using AgentSquad.Core.Tickets;

namespace AgentSquad.Atlassian.Webhooks;

/// <summary>The names of Jira's events, and what kind of event a payload is.</summary>
internal static partial class WebhookEventName
{
    /// <summary>
    /// The payload's <c>webhookEvent</c>. Payloads from before that name, or relayed without it, are told by what they carry; null when
    /// nothing in it is Jira's.
    /// </summary>
    public static string? Of(JsonElement payload)
    {
        if (payload.Child("webhookEvent") is { } named)
        {
            return named.ValueKind == JsonValueKind.String && named.Text() is { } name && Known().IsMatch(name) ? name : null;
        }

        var hasIssue = payload.ObjectChild("issue")?.ObjectChild("fields") is not null;
        var hasComment = payload.ObjectChild("comment") is not null;
        return payload.Text("issue_event_type_name") switch
        {
            "issue_created" when hasIssue => "jira:issue_created",
            "issue_deleted" when hasIssue => "jira:issue_deleted",
            { } type when hasIssue && type.StartsWith("issue_", StringComparison.Ordinal) => "jira:issue_updated",
            _ when hasIssue && (hasComment || payload.ObjectChild("changelog") is not null) => "jira:issue_updated",
            _ => null,
        };
    }

    /// <summary>What happened. Server says "comment" through <c>jira:issue_updated</c>, in old versions without a type name.</summary>
    public static TicketEventKind KindOf(string name, JsonElement payload) => name switch
    {
        "jira:issue_created" => TicketEventKind.Created,
        "jira:issue_deleted" => TicketEventKind.Deleted,
        "jira:issue_updated" => KindOfUpdate(payload),
        "comment_created" => TicketEventKind.CommentCreated,
        "comment_updated" => TicketEventKind.CommentUpdated,
        "comment_deleted" => TicketEventKind.CommentDeleted,
        _ => TicketEventKind.Other,
    };

    private static TicketEventKind KindOfUpdate(JsonElement payload)
    {
        var comment = payload.ObjectChild("comment") ?? default;
        var hasComment = comment.ValueKind == JsonValueKind.Object;
        switch (payload.Text("issue_event_type_name"))
        {
            case "issue_commented" when hasComment: return TicketEventKind.CommentCreated;
            case "issue_comment_edited" when hasComment: return TicketEventKind.CommentUpdated;
            case "issue_comment_deleted": return TicketEventKind.CommentDeleted;
        }

        var fieldsChanged = payload.ObjectChild("changelog") is { } changelog && changelog.Items("items").Any();
        if (fieldsChanged || !hasComment) return TicketEventKind.Updated;
        return comment.Text("created") == comment.Text("updated") ? TicketEventKind.CommentCreated : TicketEventKind.CommentUpdated;
    }

    // The families that Jira Cloud and Data Center document. A new name within a family is an event of no interest, not an error.
    [GeneratedRegex(@"^(jira:[a-z_]{1,60}|(comment|worklog|attachment|issuelink|issue_property|sprint|board|project|user|version|option|filter|field|workflow|permission)_[a-z_]{1,60})$")]
    private static partial Regex Known();
}
