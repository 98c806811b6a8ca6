using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AgentSquad.JiraSandbox.Rest;
using AgentSquad.JiraSandbox.Site;
using AgentSquad.JiraSandbox.Text;

namespace AgentSquad.JiraSandbox.Admin;

/// <summary>
/// Takes a ticket over as another site described it (REST or a recorded webhook, Cloud or Server): unknown people, projects, types and
/// components are made, an unknown status becomes the first one of the same category. No webhook is sent.
/// </summary>
internal sealed partial class TicketImport(SiteModel site, TimeProvider time)
{
    private static readonly HashSet<string> Computed =
    [
        "summary", "description", "environment", "labels", "components", "issuetype", "project", "status", "priority", "creator", "reporter",
        "assignee", "created", "updated", "comment", "duedate", "parent", "subtasks", "issuelinks", "attachment", "security", "resolution",
        "resolutiondate", "statuscategorychangedate", "watches", "votes", "workratio", "fixVersions", "versions", "timeoriginalestimate",
    ];

    /// <summary>Imports <c>{"id","key","fields"}</c>; id and key may be missing. A ticket that is there already is left as it is.</summary>
    /// <exception cref="JiraRefusal">409: the id or the key belongs to another ticket; 400: the key is none.</exception>
    public (SiteIssue Issue, bool IsNew) Import(JsonObject body)
    {
        var id = AdfText.String(body["id"]);
        var key = AdfText.String(body["key"])?.ToUpperInvariant();
        if (key is not null && !KeyPattern().IsMatch(key)) throw JiraRefusal.WrongField("key", $"'{key}' is no ticket key; it looks like TEST-1.");
        if (id is not null && (!long.TryParse(id, out var number) || number <= 0)) throw JiraRefusal.WrongField("id", $"'{id}' is no ticket id; it is a number.");
        if (Existing(id, key) is { } existing) return (existing, false);

        var fields = body["fields"] as JsonObject ?? [];
        var project = Project(fields["project"] as JsonObject, key);
        var issue = New(fields, project);
        issue.Id = id ?? $"{++site.LastIssueId}";
        issue.Key = key ?? $"{project.Key}-{project.LastNumber + 1}";
        site.LastIssueId = Math.Max(site.LastIssueId, long.Parse(issue.Id));
        project.LastNumber = Math.Max(project.LastNumber, long.Parse(issue.Key[(issue.Key.LastIndexOf('-') + 1)..]));
        foreach (var comment in ((fields["comment"] as JsonObject)?["comments"] as JsonArray ?? []).OfType<JsonObject>())
            issue.Comments.Add(Comment(comment, issue));
        site.Issues.Add(issue);
        return (issue, true);
    }

    private SiteIssue? Existing(string? id, string? key)
    {
        var byId = id is null ? null : site.Issues.Find(issue => issue.Id == id);
        var byKey = key is null ? null : site.Issues.Find(issue => issue.Key == key);
        if (byId is null && byKey is null) return null;
        if ((id is null || byKey?.Id == id) && (key is null || byId?.Key == key || byKey is not null && id is null)) return byId ?? byKey;
        throw new JiraRefusal($"The id {id} or the key {key} belongs to another ticket of this sandbox.") { Status = StatusCodes.Status409Conflict };
    }

    private SiteIssue New(JsonObject fields, SiteProject project)
    {
        var status = Status(fields["status"] as JsonObject);
        var now = time.GetUtcNow();
        var reporter = Person(fields["reporter"]) ?? Person(fields["creator"]) ?? site.Users[0].AccountId;
        var issue = new SiteIssue
        {
            Id = "",
            Key = "",
            ProjectKey = project.Key,
            IssueTypeId = Type(fields["issuetype"] as JsonObject),
            Summary = AdfText.String(fields["summary"]) is { Length: > 0 } summary ? summary : "No summary",
            StatusId = status.Id,
            CreatorId = Person(fields["creator"]) ?? reporter,
            ReporterId = reporter,
            AssigneeId = Person(fields["assignee"]),
            PriorityId = Catalogue.Priorities.FirstOrDefault(priority => priority.Name == Name(fields["priority"]))?.Id ?? "3",
            Description = Text(fields["description"]),
            Environment = Text(fields["environment"]),
            Labels = [.. Texts(fields["labels"]).Order(StringComparer.Ordinal)],
            ComponentIds = [.. (fields["components"] as JsonArray ?? []).Select(Name).OfType<string>().Select(name => Component(project, name))],
            DueDate = AdfText.String(fields["duedate"]),
            SecurityLevelId = fields["security"] is JsonObject ? Catalogue.SecurityLevels[0].Id : null,
            Created = Time(fields["created"]) ?? now,
            Updated = Time(fields["updated"]) ?? now,
            StatusCategoryChanged = Time(fields["statuscategorychangedate"]) ?? now,
            Resolved = status.Category == StatusCategory.Done ? now : null,
        };
        foreach (var (name, value) in fields.Where(field => !Computed.Contains(field.Key))) issue.Custom[name] = value?.DeepClone();
        return issue;
    }

    private SiteComment Comment(JsonObject comment, SiteIssue issue)
    {
        var id = AdfText.String(comment["id"]);
        if (id is null || site.FindComment(id) is not null || issue.Comments.Exists(other => other.Id == id)) id = site.NextId();
        if (long.TryParse(id, out var number)) site.LastId = Math.Max(site.LastId, number);
        var author = Person(comment["author"]) ?? issue.CreatorId;
        var created = Time(comment["created"]) ?? time.GetUtcNow();
        return new SiteComment
        {
            Id = id,
            AuthorId = author,
            UpdateAuthorId = Person(comment["updateAuthor"]) ?? author,
            Body = Text(comment["body"]) ?? RichText.FromWiki(""),
            Created = created,
            Updated = Time(comment["updated"]) ?? created,
        };
    }

    private SiteProject Project(JsonObject? reference, string? key)
    {
        var projectKey = key?[..key.LastIndexOf('-')] ?? AdfText.String(reference?["key"])?.ToUpperInvariant() ?? Catalogue.DefaultProjectKey;
        return site.FindProject(projectKey)
            ?? SiteSetup.AddProject(site, projectKey, Name(reference) ?? projectKey, AdfText.String(reference?["id"]));
    }

    private static SiteStatus Status(JsonObject? reference)
    {
        var category = AdfText.String((reference?["statusCategory"] as JsonObject)?["key"]);
        return Catalogue.Statuses.FirstOrDefault(status => status.Name.Equals(Name(reference), StringComparison.OrdinalIgnoreCase))
            ?? Catalogue.Statuses.FirstOrDefault(status => status.Category.Key == category)
            ?? Catalogue.Statuses[0];
    }

    private string Type(JsonObject? reference)
    {
        var name = Name(reference) ?? "Task";
        if (site.IssueTypes.Find(type => type.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } known) return known.Id;
        return SiteSetup.AddIssueType(site, name, AdfText.String(reference?["description"]) ?? "").Id;
    }

    private string? Person(JsonNode? reference)
    {
        if (reference is not JsonObject person) return null;
        var id = AdfText.String(person["accountId"]) ?? AdfText.String(person["key"]) ?? AdfText.String(person["name"]);
        if (string.IsNullOrEmpty(id)) return null;
        if (site.Users.Exists(user => user.AccountId == id)) return id;
        site.Users.Add(new SiteUser
        {
            AccountId = id,
            Name = AdfText.String(person["name"]) ?? id,
            DisplayName = AdfText.String(person["displayName"]) ?? id,
            Email = AdfText.String(person["emailAddress"]) ?? "",
        });
        return id;
    }

    private string Component(SiteProject project, string name) =>
        (project.Components.Find(component => component.Name == name) ?? SiteSetup.AddComponent(site, project, name)).Id;

    private static RichText? Text(JsonNode? value) => value switch
    {
        JsonObject adf => RichText.FromAdf(adf),
        JsonValue text when text.ToString().Length > 0 => RichText.FromWiki(text.ToString()),
        _ => null,
    };

    private static IEnumerable<string> Texts(JsonNode? value) => (value as JsonArray ?? []).Select(AdfText.String).OfType<string>();

    private static string? Name(JsonNode? reference) => AdfText.String((reference as JsonObject)?["name"]);

    private static DateTimeOffset? Time(JsonNode? value) =>
        AdfText.String(value) is { } text
        && DateTimeOffset.TryParse(Offset().Replace(text, "$1:$2"), out var parsed) ? parsed : null;

    [GeneratedRegex(@"^[A-Z][A-Z0-9_]+-[1-9]\d*$")]
    private static partial Regex KeyPattern();

    [GeneratedRegex(@"([+-]\d\d)(\d\d)$")]
    private static partial Regex Offset();
}
