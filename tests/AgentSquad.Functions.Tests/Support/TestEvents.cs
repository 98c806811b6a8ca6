using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentSquad.Functions.Tests.Support;

/// <summary>Webhook bodies in the shape that Jira Cloud sends.</summary>
internal static class TestEvents
{
    public const string Site = "https://acme.atlassian.net";

    /// <summary>The label <c>agentsquad</c> was added.</summary>
    public static byte[] LabelAdded(string issueId, DateTimeOffset? at = null, string site = Site, string label = "agentsquad", int padding = 0) =>
        Updated(issueId, at, site, padding, new JsonObject
        {
            ["field"] = "labels", ["fieldtype"] = "jira", ["fieldId"] = "labels", ["from"] = null, ["fromString"] = "", ["to"] = null, ["toString"] = label,
        });

    /// <summary>The summary was edited.</summary>
    public static byte[] SummaryEdited(string issueId, DateTimeOffset? at = null) => Updated(issueId, at, Site, 0, new JsonObject
    {
        ["field"] = "summary", ["fieldtype"] = "jira", ["fieldId"] = "summary", ["from"] = null, ["fromString"] = "Old", ["to"] = null, ["toString"] = "New",
    });

    /// <summary>A comment was written.</summary>
    public static byte[] Comment(string issueId, string text, string commentId) => Bytes(new JsonObject
    {
        ["timestamp"] = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
        ["webhookEvent"] = "comment_created",
        ["comment"] = new JsonObject { ["id"] = commentId, ["body"] = text, ["author"] = new JsonObject { ["accountId"] = "u1", ["displayName"] = "Rita" } },
        ["issue"] = new JsonObject
        {
            ["id"] = issueId, ["self"] = $"{Site}/rest/api/2/{issueId}", ["key"] = $"TEST-{issueId}",
            ["fields"] = new JsonObject { ["summary"] = "A ticket", ["project"] = new JsonObject { ["key"] = "TEST" } },
        },
    });

    /// <summary>A comment was written, as Data Center says it through the ticket's own event.</summary>
    public static byte[] Commented(string issueId, string text, string commentId)
    {
        var payload = JsonNode.Parse(Comment(issueId, text, commentId))!.AsObject();
        payload["webhookEvent"] = "jira:issue_updated";
        payload["issue_event_type_name"] = "issue_commented";
        return Bytes(payload);
    }

    /// <summary>A comment was edited.</summary>
    public static byte[] CommentEdited(string issueId, string text, string commentId)
    {
        var payload = JsonNode.Parse(Comment(issueId, text, commentId))!.AsObject();
        payload["webhookEvent"] = "comment_updated";
        return Bytes(payload);
    }

    private static byte[] Updated(string issueId, DateTimeOffset? at, string site, int padding, JsonObject change) => Bytes(new JsonObject
    {
        ["timestamp"] = (at ?? DateTimeOffset.UtcNow).ToUnixTimeMilliseconds(),
        ["webhookEvent"] = "jira:issue_updated",
        ["issue_event_type_name"] = "issue_updated",
        ["user"] = new JsonObject { ["self"] = $"{site}/rest/api/2/user?accountId=u1", ["accountId"] = "u1", ["displayName"] = "Rita" },
        ["issue"] = new JsonObject
        {
            ["id"] = issueId,
            ["self"] = $"{site}/rest/api/2/{issueId}",
            ["key"] = $"TEST-{issueId}",
            ["fields"] = new JsonObject
            {
                ["summary"] = "A ticket",
                ["description"] = new string('x', padding),
                ["labels"] = new JsonArray("agentsquad"),
                ["project"] = new JsonObject { ["key"] = "TEST" },
                ["issuetype"] = new JsonObject { ["name"] = "Task" },
            },
        },
        ["changelog"] = new JsonObject { ["id"] = "1", ["items"] = new JsonArray(change) },
    });

    private static byte[] Bytes(JsonObject payload) => Encoding.UTF8.GetBytes(payload.ToJsonString(new JsonSerializerOptions()));
}
