using System.Text;
using System.Text.Json.Nodes;
using AgentSquad.JiraSandbox.Rest;
using AgentSquad.JiraSandbox.Rest.Shapes;
using AgentSquad.JiraSandbox.Site;

namespace AgentSquad.JiraSandbox.Webhooks;

/// <summary>A webhook body, ready to send.</summary>
/// <param name="Event">Event name.</param>
/// <param name="Body">The exact bytes that are sent and signed.</param>
internal sealed record WebhookPayload(string Event, byte[] Body);

/// <summary>
/// Writes webhook bodies as Jira does: text as wiki markup, addresses of REST v2. On Cloud a comment event has neither user nor change
/// log and only a few fields of the ticket; on Data Center it comes with the user, and the ticket's events say it a second time.
/// </summary>
/// <param name="view">The site, version 2.</param>
/// <param name="actor">Who did it.</param>
/// <param name="time">Clock.</param>
internal sealed class WebhookPayloads(View view, SiteUser actor, TimeProvider time)
{
    /// <summary>A ticket was created or changed.</summary>
    public WebhookPayload Issue(string name, string typeName, SiteIssue issue, SiteChange change)
    {
        var body = Head(name);
        body["issue_event_type_name"] = typeName;
        body["user"] = UserShape.Of(view, actor);
        body["issue"] = Whole(issue);
        body["changelog"] = new JsonObject { ["id"] = change.Id, ["items"] = new JsonArray([.. change.Items.Select(IssueShape.ChangeItem)]) };
        return Done(name, body);
    }

    /// <summary>A ticket was deleted.</summary>
    public WebhookPayload Deleted(SiteIssue issue)
    {
        var body = Head("jira:issue_deleted");
        body["user"] = UserShape.Of(view, actor);
        body["issue"] = Whole(issue);
        return Done("jira:issue_deleted", body);
    }

    /// <summary>A comment was created, edited or deleted.</summary>
    public WebhookPayload Comment(string name, SiteIssue issue, SiteComment comment)
    {
        var body = Head(name);
        if (!view.IsCloud) body["user"] = UserShape.Of(view, actor);
        body["comment"] = CommentShape.Of(view, issue, comment);
        if (view.IsCloud) body["issue"] = IssueShape.Reduced(view, issue);
        return Done(name, body);
    }

    /// <summary>Data Center's second event about a comment: the ticket was updated, with the comment beside it.</summary>
    public WebhookPayload Commented(string typeName, SiteIssue issue, SiteComment? comment)
    {
        var body = Head("jira:issue_updated");
        body["issue_event_type_name"] = typeName;
        body["user"] = UserShape.Of(view, actor);
        body["issue"] = Whole(issue);
        if (comment is not null) body["comment"] = CommentShape.Of(view, issue, comment);
        return Done("jira:issue_updated", body);
    }

    /// <summary>An attachment was added or removed.</summary>
    public WebhookPayload Attachment(string name, SiteAttachment attachment)
    {
        var body = Head(name);
        body["attachment"] = FieldShapes.Attachment(view, attachment);
        return Done(name, body);
    }

    /// <summary>A link between tickets was made or removed.</summary>
    public WebhookPayload IssueLink(string name, SiteIssueLink link)
    {
        var type = Catalogue.LinkTypes.First(type => type.Id == link.TypeId);
        var body = Head(name);
        body["issueLink"] = new JsonObject
        {
            ["id"] = long.Parse(link.Id),
            ["sourceIssueId"] = long.Parse(link.InwardId),
            ["destinationIssueId"] = long.Parse(link.OutwardId),
            ["issueLinkType"] = new JsonObject
            {
                ["id"] = long.Parse(type.Id), ["name"] = type.Name, ["outwardName"] = type.Outward, ["inwardName"] = type.Inward,
                ["isSubTaskLinkType"] = false, ["isSystemLinkType"] = false,
            },
            ["systemLink"] = false,
        };
        return Done(name, body);
    }

    private JsonObject Head(string name) =>
        new() { ["timestamp"] = time.GetUtcNow().ToUnixTimeMilliseconds(), ["webhookEvent"] = name };

    private JsonObject Whole(SiteIssue issue)
    {
        HashSet<string> wanted = view.IsCloud ? ["-comment"] : [];
        var shape = IssueShape.Of(view, issue, wanted);
        shape.Remove("expand");
        return shape;
    }

    private static WebhookPayload Done(string name, JsonObject body) => new(name, Encoding.UTF8.GetBytes(body.ToJsonString(Answers.Format)));
}
