using System.Text.Json.Nodes;
using AgentSquad.JiraSandbox.Rest;
using AgentSquad.JiraSandbox.Site;
using AgentSquad.JiraSandbox.Text;

namespace AgentSquad.JiraSandbox.Actions;

/// <summary>Links between tickets and to the web.</summary>
internal sealed partial class SiteActions
{
    /// <summary>Links two tickets; the same link twice is two links, so a client has to look first.</summary>
    public SiteIssueLink Link(JsonObject body)
    {
        Demand("LINK_ISSUES", "No Link Issue Permission for issue.");
        var name = Reference(body["type"], "name");
        var id = Reference(body["type"], "id");
        var type = Catalogue.LinkTypes.FirstOrDefault(type => id is null ? type.Name.Equals(name, StringComparison.OrdinalIgnoreCase) : type.Id == id)
            ?? throw JiraRefusal.NotFound($"No issue link type with name '{name ?? id}' found.");
        var inward = Issue(Reference(body["inwardIssue"], "id", "key") ?? "");
        var outward = Issue(Reference(body["outwardIssue"], "id", "key") ?? "");
        if (inward == outward) throw new JiraRefusal("You cannot link an issue to itself.");
        var comment = body["comment"] as JsonObject;
        if (comment is not null) ReadText(comment["body"], "comment", "Comment body is not valid!");

        var link = new SiteIssueLink(Site.NextId(), type.Id, inward.Id, outward.Id);
        Site.IssueLinks.Add(link);
        Record(inward, [new("Link", "issuelinks", null, null, outward.Key, $"This issue {type.Outward} {outward.Key}")]);
        Record(outward, [new("Link", "issuelinks", null, null, inward.Key, $"This issue {type.Inward} {inward.Key}")]);
        Announce(inward, Payloads.IssueLink("issuelink_created", link));
        if (comment is not null) AddComment(inward, comment);
        return link;
    }

    /// <summary>A link between tickets that the actor may see.</summary>
    public SiteIssueLink FindLink(string id) => Site.IssueLinks.Find(link => link.Id == id)
        ?? throw JiraRefusal.NotFound($"No issue link with id '{id}' exists.");

    /// <summary>Removes a link between tickets.</summary>
    public void Unlink(string id)
    {
        var link = FindLink(id);
        Demand("LINK_ISSUES", "No Link Issue Permission for issue.");
        var (inward, outward) = (Issue(link.InwardId), Issue(link.OutwardId));
        var type = Catalogue.LinkTypes.First(type => type.Id == link.TypeId);
        Site.IssueLinks.Remove(link);
        Record(inward, [new("Link", "issuelinks", outward.Key, $"This issue {type.Outward} {outward.Key}", null, null)]);
        Record(outward, [new("Link", "issuelinks", inward.Key, $"This issue {type.Inward} {inward.Key}", null, null)]);
        Announce(inward, Payloads.IssueLink("issuelink_deleted", link));
    }

    /// <summary>Creates a link to the web, or changes the one with the same global id; true when it is new.</summary>
    public (SiteRemoteLink Link, bool IsNew) LinkToWeb(SiteIssue issue, JsonObject body, long? id = null)
    {
        Demand("LINK_ISSUES", "You do not have permission to link issues.");
        var target = body["object"] as JsonObject ?? throw JiraRefusal.WrongField("object", "'object' is required.");
        var missing = new Dictionary<string, string>();
        if (string.IsNullOrWhiteSpace(AdfText.String(target["title"]))) missing["title"] = "'title' is required.";
        if (!Uri.TryCreate(AdfText.String(target["url"]), UriKind.Absolute, out _)) missing["url"] = "'url' is required and has to be absolute.";
        if (missing.Count > 0) throw new JiraRefusal("The link is not complete.") { Fields = missing };
        var globalId = AdfText.String(body["globalId"]) ?? "";
        if (globalId.Length > 255) throw JiraRefusal.WrongField("globalId", "The global id cannot be longer than 255 characters.");

        var link = id is not null
            ? RemoteLink(issue, $"{id}")
            : issue.RemoteLinks.Find(link => globalId.Length > 0 && link.GlobalId == globalId);
        var isNew = link is null;
        if (link is null)
        {
            link = new SiteRemoteLink { Id = long.Parse(Site.NextId()), Object = [] };
            issue.RemoteLinks.Add(link);
        }

        if (globalId.Length > 0) link.GlobalId = globalId;
        link.Relationship = AdfText.String(body["relationship"]) ?? link.Relationship;
        link.Application = (JsonObject)(body["application"] as JsonObject ?? link.Application).DeepClone();
        link.Object = (JsonObject)target.DeepClone();
        var text = $"This issue links to \"{AdfText.String(target["title"])} (Web Link)\"";
        if (isNew) Record(issue, [new("RemoteIssueLink", "issuelinks", null, null, $"{link.Id}", text)]);
        else store.MarkChanged();
        return (link, isNew);
    }

    /// <summary>A link to the web by its number.</summary>
    public static SiteRemoteLink RemoteLink(SiteIssue issue, string id) => issue.RemoteLinks.Find(link => $"{link.Id}" == id)
        ?? throw JiraRefusal.NotFound($"Remote issue link with id '{id}' does not exist.");

    /// <summary>Removes a link to the web.</summary>
    public void UnlinkFromWeb(SiteIssue issue, SiteRemoteLink link)
    {
        Demand("LINK_ISSUES", "You do not have permission to link issues.");
        issue.RemoteLinks.Remove(link);
        Record(issue, [new("RemoteIssueLink", "issuelinks", $"{link.Id}", $"This issue links to \"{AdfText.String(link.Object["title"])} (Web Link)\"", null, null)]);
    }
}
