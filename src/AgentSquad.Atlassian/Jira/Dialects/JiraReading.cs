using System.Globalization;
using System.Text.Json;
using AgentSquad.Atlassian.Json;
using AgentSquad.Atlassian.Webhooks;
using AgentSquad.Core.Tickets;

namespace AgentSquad.Atlassian.Jira.Dialects;

/// <summary>The site's JSON in the domain's words.</summary>
internal static class JiraReading
{
    /// <summary>Key of the comment property by which a service desk hides a comment from customers.</summary>
    public const string InternalProperty = "sd.public.comment";

    /// <summary>Fields that a ticket is made of; nothing else is asked for.</summary>
    public const string TicketFields =
        "summary,description,status,issuetype,project,labels,components,priority,reporter,assignee,security,updated";

    /// <param name="issue">The ticket.</param>
    /// <param name="site">The site's address.</param>
    /// <param name="dialect">How the site writes text.</param>
    /// <param name="further">Ids of further fields by the names to give them.</param>
    public static Ticket TicketOf(JsonElement issue, string site, IJiraDialect dialect, IReadOnlyDictionary<string, string> further)
    {
        var fields = issue.ObjectChild("fields") ?? default;
        var key = issue.Text("key") ?? "";
        return new Ticket
        {
            Site = site,
            Id = issue.Text("id") ?? "",
            Key = key,
            ProjectKey = fields.ObjectChild("project")?.Text("key") ?? key.Split('-')[0],
            IssueType = fields.ObjectChild("issuetype")?.Text("name") ?? "",
            Summary = fields.Text("summary") ?? "",
            Description = dialect.FromSite(fields.Child("description")),
            Status = StatusOf(fields.ObjectChild("status") ?? default),
            Labels = [.. fields.Items("labels").Select(label => label.Text()).OfType<string>()],
            Components = [.. fields.Items("components").Select(component => component.Text("name")).OfType<string>()],
            Fields = further.ToDictionary(field => field.Key, field => FieldReading.TextsOf(fields.Child(field.Value)), StringComparer.OrdinalIgnoreCase),
            Priority = fields.ObjectChild("priority")?.Text("name"),
            Reporter = PayloadReading.PersonOf(fields.ObjectChild("reporter")),
            Assignee = PayloadReading.PersonOf(fields.ObjectChild("assignee")),
            SecurityLevel = fields.ObjectChild("security")?.Text("name"),
            Updated = TimeOf(fields.Text("updated")),
        };
    }

    public static TicketStatus StatusOf(JsonElement status) => new(
        status.Text("id") ?? "",
        status.Text("name") ?? "",
        status.ObjectChild("statusCategory")?.Text("key") switch
        {
            "indeterminate" => StatusCategory.InProgress,
            "done" => StatusCategory.Done,
            _ => StatusCategory.ToDo,
        });

    public static TicketComment CommentOf(JsonElement comment, IJiraDialect dialect)
    {
        var visibility = comment.ObjectChild("visibility");
        return new TicketComment(
            comment.Text("id") ?? "",
            PayloadReading.PersonOf(comment.ObjectChild("author")),
            dialect.FromSite(comment.Child("body")),
            TimeOf(comment.Text("created")),
            TimeOf(comment.Text("updated")),
            comment.Items("properties").Where(property => property.Text("key") == CommentEffect.PropertyKey)
                .Select(property => EffectOf(property.Child("value"))).FirstOrDefault(),
            visibility?.Text("type") is { } type && (visibility?.Text("value") ?? visibility?.Text("identifier")) is { } value
                ? new CommentVisibility(type, value)
                : null)
        {
            IsInternal = comment.Flag("jsdPublic") == false
                || comment.Items("properties").Any(property => property.Text("key") == InternalProperty && IsTrue(property.Child("value")?.Child("internal"))),
        };
    }

    // Apps have written the flag as text too.
    private static bool IsTrue(JsonElement? value) => string.Equals(value?.Text(), "true", StringComparison.OrdinalIgnoreCase);

    public static CommentEffect? EffectOf(JsonElement? value) =>
        value?.Text("key") is { } key ? new CommentEffect(key, value?.Text("instance") ?? "", value?.Text("kind") ?? "") : null;

    public static JiraTransition TransitionOf(JsonElement transition) => new(
        transition.Text("id") ?? "",
        transition.Text("name") ?? "",
        StatusOf(transition.ObjectChild("to") ?? default),
        transition.Flag("hasScreen") ?? (transition.ObjectChild("fields") is { } fields && fields.EnumerateObject().Any()));

    // Jira writes +0000 where ISO 8601 has +00:00.
    public static DateTimeOffset TimeOf(string? text) =>
        DateTimeOffset.TryParseExact(
            text,
            ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", "yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mm:ss.fffzz'00'"],
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var time)
            || DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time)
            ? time
            : DateTimeOffset.MinValue;
}
