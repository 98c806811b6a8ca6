using AgentSquad.JiraSandbox.Site;
using AgentSquad.JiraSandbox.Text;

namespace AgentSquad.JiraSandbox.Pages;

/// <summary>One ticket: what it says, where it stands, what was said about it, and the means to take part.</summary>
internal sealed class TicketPage(SiteModel site, SiteIssue issue, IReadOnlyList<SiteUser> people, string? actingAs)
{
    private readonly AdfHtml _adf = new(site, issue);

    /// <summary>Renders the ticket.</summary>
    public Html Render()
    {
        var trail = Html.Of($"<nav class=\"trail\" aria-label=\"Place\"><a href=\"/?project={issue.ProjectKey}\">{issue.ProjectKey}</a><span>/</span><a href=\"/browse/{issue.Key}\">{issue.Key}</a></nav>");
        var main = Html.Of(
            $"""
            <main class="ticket">
            <article>
            <div data-live="head">
            <h1>{PageLayout.Type(site.IssueType(issue))}{issue.Summary}</h1>
            <section class="description" aria-label="Description">{Text(issue.Description, "No description.")}</section>
            {Attachments()}{Related()}
            </div>
            <section class="activity" aria-label="Comments">
            <div data-live="comments"><h2>Comments <span class="count">{issue.Comments.Count}</span></h2>{issue.Comments.Select(Comment)}</div>
            {CommentForm()}
            </section>
            </article>
            <aside>
            {StatusForm()}
            <dl data-live="details">{Details()}</dl>
            </aside>
            </main>
            """);
        return PageLayout.Page($"{issue.Key} {issue.Summary} · Jira sandbox", trail, main);
    }

    private Html Text(RichText? text, string otherwise) =>
        text is null ? Html.Of($"<p class=\"none\">{otherwise}</p>") : Html.Of($"<div class=\"adf\">{_adf.Render(text.ToAdf())}</div>");

    private Html Comment(SiteComment comment)
    {
        var author = User(comment.AuthorId);
        return Html.Of(
            $"""
            <article class="comment" id="comment-{comment.Id}">
            {PageLayout.Avatar(author)}
            <div class="comment-body">
            <header><strong>{author?.DisplayName ?? "Somebody"}</strong> <a class="when" href="#comment-{comment.Id}">{PageLayout.Time(comment.Created)}</a>
            {Html.If(comment.Updated != comment.Created, () => Html.Of($"<span class=\"edited\">edited {PageLayout.Time(comment.Updated)}</span>"))}
            {Html.If(comment.Visibility is not null, () => Html.Of($"<span class=\"lozenge lozenge-red\">only {comment.Visibility!.Value}</span>"))}
            {Html.If(!comment.Public, () => Html.Of($"<span class=\"lozenge lozenge-yellow\">internal note</span>"))}
            </header>
            <div class="adf">{_adf.Render(comment.Body.ToAdf())}</div>
            </div>
            </article>
            """);
    }

    private Html CommentForm() => Html.Of(
        $"""
        <form class="say" method="post" action="/browse/{issue.Key}/comment">
        <label for="text">Add a comment</label>
        <textarea id="text" name="text" rows="4" maxlength="32767" required placeholder="Write to the squad, for example: /squad status"></textarea>
        <div class="row">{Actor("say-as")}<button class="primary" type="submit">Comment</button></div>
        </form>
        """);

    private Html StatusForm() => Html.Of(
        $"""
        <form class="move" method="post" action="/browse/{issue.Key}/status">
        <div data-live="status">
        {PageLayout.Status(Catalogue.Status(issue.StatusId))}
        <div class="buttons">{Catalogue.Statuses.Where(status => status.Id != issue.StatusId).Select(status =>
            Html.Of($"<button type=\"submit\" name=\"transition\" value=\"{status.TransitionId}\">{status.Name}</button>"))}</div>
        </div>
        {Actor("move-as")}
        </form>
        """);

    private Html Actor(string id) => Html.Of(
        $"""
        <label class="actor" for="{id}">as <select id="{id}" name="account">{people.Select(person => person.AccountId == actingAs
            ? Html.Of($"<option value=\"{person.AccountId}\" selected>{person.DisplayName}</option>")
            : Html.Of($"<option value=\"{person.AccountId}\">{person.DisplayName}</option>"))}</select></label>
        """);

    private Html Details()
    {
        var project = site.FindProject(issue.ProjectKey)!;
        var components = project.Components.Where(component => issue.ComponentIds.Contains(component.Id)).Select(component => component.Name);
        var parent = site.Issues.Find(other => other.Id == issue.ParentId);
        return Html.Join(
        [
            Row("Assignee", PageLayout.Person(User(issue.AssigneeId))),
            Row("Reporter", PageLayout.Person(User(issue.ReporterId))),
            Row("Type", Html.Text(site.IssueType(issue).Name)),
            Row("Priority", Html.Of($"{PageLayout.Priority(Catalogue.Priority(issue.PriorityId))} {Catalogue.Priority(issue.PriorityId).Name}")),
            Row("Labels", issue.Labels.Count == 0 ? Html.Of($"<span class=\"none\">None</span>") : PageLayout.Labels(issue.Labels)),
            Html.If(issue.ComponentIds.Count > 0, () => Row("Components", Html.Text(string.Join(", ", components)))),
            Html.If(parent is not null, () => Row("Parent", TicketLink(parent!))),
            Html.If(issue.DueDate is not null, () => Row("Due", Html.Text(issue.DueDate))),
            Html.If(issue.SecurityLevelId is not null, () => Row("Security", Html.Of($"<span class=\"lozenge lozenge-red\">{Catalogue.SecurityLevels.First(level => level.Id == issue.SecurityLevelId).Name}</span>"))),
            Html.If(issue.Resolved is not null, () => Row("Resolution", Html.Text("Done"))),
            Row("Created", PageLayout.Time(issue.Created)),
            Row("Updated", PageLayout.Time(issue.Updated)),
        ]);
    }

    private Html Attachments() => Html.If(issue.Attachments.Count > 0, () => Html.Of(
        $"<section class=\"files\" aria-label=\"Attachments\"><h2>Attachments <span class=\"count\">{issue.Attachments.Count}</span></h2>{issue.Attachments.Select(file =>
            Html.Of($"<a class=\"file\" href=\"/files/{file.Id}\">{file.FileName} <small>{Size(file.Content.Length)}</small></a>"))}</section>"));

    private Html Related()
    {
        var rows = new List<Html>();
        foreach (var child in site.Issues.Where(other => other.ParentId == issue.Id)) rows.Add(Html.Of($"<li><span class=\"relation\">child</span>{TicketLink(child)}</li>"));
        foreach (var link in site.IssueLinks.Where(link => link.InwardId == issue.Id || link.OutwardId == issue.Id))
        {
            var type = Catalogue.LinkTypes.First(type => type.Id == link.TypeId);
            var outward = link.InwardId == issue.Id;
            var other = site.Issues.First(candidate => candidate.Id == (outward ? link.OutwardId : link.InwardId));
            rows.Add(Html.Of($"<li><span class=\"relation\">{(outward ? type.Outward : type.Inward)}</span>{TicketLink(other)}</li>"));
        }

        foreach (var link in issue.RemoteLinks)
        {
            var url = AdfText.String(link.Object["url"]);
            var title = AdfText.String(link.Object["title"]) ?? url;
            rows.Add(Html.Of($"<li><span class=\"relation\">{(link.Relationship.Length == 0 ? "web link" : link.Relationship)}</span>{(AdfHtml.IsHarmless(url)
                ? Html.Of($"<a href=\"{url}\" rel=\"noopener noreferrer nofollow\" target=\"_blank\">{title}</a>") : Html.Text(title))}</li>"));
        }

        return Html.If(rows.Count > 0, () => Html.Of($"<section aria-label=\"Links\"><h2>Links</h2><ul class=\"related\">{rows}</ul></section>"));
    }

    private static Html TicketLink(SiteIssue other) => Html.Of(
        $"<a href=\"/browse/{other.Key}\"><span class=\"key\">{other.Key}</span> {other.Summary}</a> {PageLayout.Status(Catalogue.Status(other.StatusId))}");

    private static Html Row(string name, Html value) => Html.Of($"<div><dt>{name}</dt><dd>{value}</dd></div>");

    private SiteUser? User(string? accountId) => site.Users.Find(user => user.AccountId == accountId);

    private static string Size(int bytes) => bytes < 1024 ? $"{bytes} B" : bytes < 1_048_576 ? $"{bytes / 1024} KB" : $"{bytes / 1_048_576} MB";
}
