using System.Text.Json.Nodes;
using AgentSquad.JiraSandbox.Site;
using AgentSquad.JiraSandbox.Text;

namespace AgentSquad.JiraSandbox.Rest.Shapes;

/// <summary>Values of ticket fields as JSON.</summary>
internal static class FieldShapes
{
    /// <summary>A time as Jira writes it: 2026-01-31T09:30:00.000+0000.</summary>
    public static string Time(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'+0000'");

    /// <summary>Formatted text: ADF in version 3, markup in version 2; null stays null.</summary>
    public static JsonNode? Text(View view, RichText? text) => text is null ? null : view.Version == 3 ? text.ToAdf() : text.ToWiki();

    /// <summary>A status.</summary>
    public static JsonObject Status(View view, SiteStatus status) => new()
    {
        ["self"] = view.Self($"status/{status.Id}"),
        ["description"] = status.Description,
        ["iconUrl"] = $"{view.BaseUrl}/",
        ["name"] = status.Name,
        ["id"] = status.Id,
        ["statusCategory"] = Category(view, status.Category),
    };

    /// <summary>A status category.</summary>
    public static JsonObject Category(View view, StatusCategory category) => new()
    {
        ["self"] = view.Self($"statuscategory/{category.Id}"),
        ["id"] = category.Id,
        ["key"] = category.Key,
        ["colorName"] = category.ColorName,
        ["name"] = category.Name,
    };

    /// <summary>A priority.</summary>
    public static JsonObject Priority(View view, SitePriority priority) => new()
    {
        ["self"] = view.Self($"priority/{priority.Id}"),
        ["iconUrl"] = $"{view.BaseUrl}/",
        ["name"] = priority.Name,
        ["id"] = priority.Id,
    };

    /// <summary>A ticket type.</summary>
    public static JsonObject IssueType(View view, SiteIssueType type)
    {
        var shape = new JsonObject
        {
            ["self"] = view.Self($"issuetype/{type.Id}"),
            ["id"] = type.Id,
            ["description"] = type.Description,
            ["iconUrl"] = $"{view.BaseUrl}/",
            ["name"] = type.Name,
            ["subtask"] = type.Subtask,
        };
        if (view.IsCloud) shape["hierarchyLevel"] = type.HierarchyLevel;
        return shape;
    }

    /// <summary>A project, the short form inside a ticket.</summary>
    public static JsonObject Project(View view, SiteProject project)
    {
        var avatar = $"{view.BaseUrl}/avatars/{Uri.EscapeDataString(project.Key)}.svg";
        var shape = new JsonObject
        {
            ["self"] = view.Self($"project/{project.Id}"),
            ["id"] = project.Id,
            ["key"] = project.Key,
            ["name"] = project.Name,
            ["projectTypeKey"] = project.ServiceDesk ? "service_desk" : "software",
        };
        if (view.IsCloud) shape["simplified"] = false;
        shape["avatarUrls"] = new JsonObject { ["48x48"] = avatar, ["24x24"] = avatar, ["16x16"] = avatar, ["32x32"] = avatar };
        return shape;
    }

    /// <summary>A component.</summary>
    public static JsonObject Component(View view, SiteComponent component) => new()
    {
        ["self"] = view.Self($"component/{component.Id}"),
        ["id"] = component.Id,
        ["name"] = component.Name,
    };

    /// <summary>A security level.</summary>
    public static JsonObject SecurityLevel(View view, SiteSecurityLevel level) => new()
    {
        ["self"] = view.Self($"securitylevel/{level.Id}"),
        ["id"] = level.Id,
        ["name"] = level.Name,
        ["description"] = level.Description,
    };

    /// <summary>The short form of a ticket inside another.</summary>
    public static JsonObject IssueReference(View view, SiteIssue issue) => new()
    {
        ["id"] = issue.Id,
        ["key"] = issue.Key,
        ["self"] = view.Self($"issue/{issue.Id}"),
        ["fields"] = new JsonObject
        {
            ["summary"] = issue.Summary,
            ["status"] = Status(view, Catalogue.Status(issue.StatusId)),
            ["priority"] = Priority(view, Catalogue.Priority(issue.PriorityId)),
            ["issuetype"] = IssueType(view, view.Site.IssueType(issue)),
        },
    };

    /// <summary>A link as the ticket on one of its sides sees it.</summary>
    public static JsonObject Link(View view, SiteIssueLink link, SiteIssue seenFrom)
    {
        var type = Catalogue.LinkTypes.First(type => type.Id == link.TypeId);
        var shape = new JsonObject { ["id"] = link.Id, ["self"] = view.Self($"issueLink/{link.Id}"), ["type"] = LinkType(view, type) };
        var outward = link.InwardId == seenFrom.Id;
        shape[outward ? "outwardIssue" : "inwardIssue"] = IssueReference(view, view.Site.Issues.First(issue => issue.Id == (outward ? link.OutwardId : link.InwardId)));
        return shape;
    }

    /// <summary>A link type.</summary>
    public static JsonObject LinkType(View view, SiteLinkType type) => new()
    {
        ["id"] = type.Id,
        ["name"] = type.Name,
        ["inward"] = type.Inward,
        ["outward"] = type.Outward,
        ["self"] = view.Self($"issueLinkType/{type.Id}"),
    };

    /// <summary>An attachment's description.</summary>
    public static JsonObject Attachment(View view, SiteAttachment attachment) => new()
    {
        ["self"] = view.Self($"attachment/{attachment.Id}"),
        ["id"] = attachment.Id,
        ["filename"] = attachment.FileName,
        ["author"] = UserShape.Of(view, attachment.AuthorId),
        ["created"] = Time(attachment.Created),
        ["size"] = attachment.Content.Length,
        ["mimeType"] = attachment.MimeType,
        ["content"] = view.IsCloud
            ? view.Self($"attachment/content/{attachment.Id}")
            : $"{view.BaseUrl}/secure/attachment/{attachment.Id}/{Uri.EscapeDataString(attachment.FileName)}",
    };
}
