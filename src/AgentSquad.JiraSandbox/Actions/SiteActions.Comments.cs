using System.Text.Json.Nodes;
using AgentSquad.JiraSandbox.Rest;
using AgentSquad.JiraSandbox.Site;
using AgentSquad.JiraSandbox.Text;

namespace AgentSquad.JiraSandbox.Actions;

/// <summary>Comments.</summary>
internal sealed partial class SiteActions
{
    /// <summary>Jira's limit for a comment, description or environment, in characters of text.</summary>
    public const int TextLimit = 32_767;

    /// <summary>A comment that the actor may see.</summary>
    public SiteComment Comment(SiteIssue issue, string commentId)
    {
        var comment = issue.Comments.Find(comment => comment.Id == commentId);
        return comment is not null && Permissions.MaySee(Site, actor, issue, comment)
            ? comment
            : throw JiraRefusal.NotFound($"Can not find a comment for the id: {commentId}.");
    }

    /// <summary>Whether the actor sees a comment.</summary>
    public bool MaySee(SiteIssue issue, SiteComment comment) => Permissions.MaySee(Site, actor, issue, comment);

    /// <summary>Adds a comment as REST describes it.</summary>
    public SiteComment AddComment(SiteIssue issue, JsonObject body)
    {
        Demand("ADD_COMMENTS", "You do not have the permission to comment on this issue.");
        var comment = new SiteComment
        {
            Id = Site.NextId(),
            AuthorId = actor.AccountId,
            UpdateAuthorId = actor.AccountId,
            Body = ReadText(body["body"], "comment", "Comment body is not valid!")
                ?? throw JiraRefusal.WrongField("comment", "Comment body can not be empty!"),
            Created = Now,
            Updated = Now,
            Visibility = ReadVisibility(issue, body["visibility"]),
        };
        SetProperties(comment.Properties, body["properties"]);
        issue.Comments.Add(comment);
        issue.Updated = Now;
        Announce(issue, Payloads.Comment("comment_created", issue, comment));
        if (!view.IsCloud) Announce(issue, Payloads.Commented("issue_commented", issue, comment));
        return comment;
    }

    /// <summary>Replaces a comment's text; visibility and properties only where given.</summary>
    public SiteComment EditComment(SiteIssue issue, SiteComment comment, JsonObject body)
    {
        DemandOwn(comment, "EDIT", $"You do not have permission to edit comment with id '{comment.Id}'.");
        var text = ReadText(body["body"], "comment", "Comment body is not valid!")
            ?? throw JiraRefusal.WrongField("comment", "Comment body can not be empty!");
        var visibility = body.ContainsKey("visibility") ? ReadVisibility(issue, body["visibility"]) : comment.Visibility;
        comment.Body = text;
        comment.Visibility = visibility;
        comment.UpdateAuthorId = actor.AccountId;
        comment.Updated = Now;
        SetProperties(comment.Properties, body["properties"]);
        issue.Updated = Now;
        Announce(issue, Payloads.Comment("comment_updated", issue, comment));
        if (!view.IsCloud) Announce(issue, Payloads.Commented("issue_comment_edited", issue, comment));
        return comment;
    }

    /// <summary>Removes a comment.</summary>
    public void DeleteComment(SiteIssue issue, SiteComment comment)
    {
        DemandOwn(comment, "DELETE", $"You do not have permission to delete comment with id: {comment.Id}");
        issue.Comments.Remove(comment);
        issue.Updated = Now;
        Announce(issue, Payloads.Comment("comment_deleted", issue, comment));
        if (!view.IsCloud) Announce(issue, Payloads.Commented("issue_comment_deleted", issue, null));
    }

    /// <summary>Sets one entity property; true when it is new.</summary>
    public bool SetProperty(Dictionary<string, JsonNode?> properties, string key, JsonNode? value)
    {
        if (key.Length > 255) throw new JiraRefusal("The property key cannot be longer than 255 characters.");
        if (value is null) throw new JiraRefusal("The property value cannot be empty.");
        if (value.ToJsonString().Length > 32_768) throw new JiraRefusal("The property value cannot be longer than 32768 characters.");
        var isNew = !properties.ContainsKey(key);
        properties[key] = value.DeepClone();
        store.MarkChanged();
        return isNew;
    }

    /// <summary>Text as the reader's version of REST has it, or null when there is none.</summary>
    /// <param name="value">What was sent.</param>
    /// <param name="field">Field to name in a refusal.</param>
    /// <param name="notValid">What Jira says about a value of the wrong form.</param>
    public RichText? ReadText(JsonNode? value, string field, string notValid)
    {
        RichText text;
        if (view.Version == 3)
        {
            if (value is null) return null;
            if (value is not JsonObject document) throw JiraRefusal.WrongField(field, notValid);
            if (AdfRules.Check(document) is { } problem)
                throw new JiraRefusal($"INVALID_INPUT: {problem}");
            text = RichText.FromAdf(document);
            if (text.Plain.Length == 0 && !HasMedia(document)) return null;
        }
        else
        {
            if (value is null) return null;
            if (value is not JsonValue markup || markup.GetValueKind() != System.Text.Json.JsonValueKind.String)
                throw JiraRefusal.WrongField(field, field == "comment" ? notValid : "Operation value must be a string");
            if (string.IsNullOrWhiteSpace(markup.ToString())) return null;
            text = RichText.FromWiki(markup.ToString());
        }

        var length = view.Version == 3 ? text.Plain.Length : text.Wiki!.Length;
        return length <= TextLimit
            ? text
            : throw JiraRefusal.WrongField(field, "The entered text is too long. It exceeds the allowed limit of 32,767 characters.");
    }

    private static bool HasMedia(JsonObject node) =>
        AdfText.Type(node) is "media" or "rule" or "extension" || AdfText.Children(node).Any(HasMedia);

    private SiteVisibility? ReadVisibility(SiteIssue issue, JsonNode? value)
    {
        if (value is not JsonObject visibility) return null;
        var type = AdfText.String(visibility["type"]) ?? "";
        var name = AdfText.String(visibility["value"]) ?? AdfText.String(visibility["identifier"]) ?? "";
        if (type == "role")
        {
            var role = Catalogue.Roles.FirstOrDefault(role => role.Name == name || role.Id == name)
                ?? throw JiraRefusal.WrongField("commentLevel", $"Role: {name} does not exist.");
            if (!MaySee(issue, Hidden(role))) throw JiraRefusal.WrongField("commentLevel", $"You are currently not a member of the project role: {role.Name}.");
            return new SiteVisibility("role", role.Name, role.Id);
        }

        if (type != "group") throw JiraRefusal.WrongField("commentLevel", "Visibility type must be 'role' or 'group'.");
        if (!Site.Users.Exists(user => user.Groups.Contains(name))) throw JiraRefusal.WrongField("commentLevel", $"Group: {name} does not exist.");
        if (!actor.Groups.Contains(name)) throw JiraRefusal.WrongField("commentLevel", $"You are currently not a member of the group: {name}.");
        return new SiteVisibility("group", name, name);
    }

    private static SiteComment Hidden(SiteRole role) => new()
    {
        Id = "", AuthorId = "", UpdateAuthorId = "", Body = new RichText(), Visibility = new SiteVisibility("role", role.Name, role.Id),
    };

    private void DemandOwn(SiteComment comment, string verb, string message)
    {
        var own = comment.AuthorId == actor.AccountId && Permissions.Has(Site, actor, $"{verb}_OWN_COMMENTS");
        if (!own && !Permissions.Has(Site, actor, $"{verb}_ALL_COMMENTS")) throw new JiraRefusal(message) { Status = StatusCodes.Status400BadRequest };
    }

    private void SetProperties(Dictionary<string, JsonNode?> properties, JsonNode? given)
    {
        foreach (var property in (given as JsonArray ?? []).OfType<JsonObject>())
        {
            if (AdfText.String(property["key"]) is not { Length: > 0 } key) throw new JiraRefusal("A property needs a key.");
            SetProperty(properties, key, property["value"]);
        }
    }
}
