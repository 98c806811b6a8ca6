using AgentSquad.JiraSandbox.Site;

namespace AgentSquad.JiraSandbox.Pages;

/// <summary>The board: one column for each status, newest tickets first.</summary>
internal static class BoardPage
{
    /// <summary>Renders the board.</summary>
    /// <param name="site">The site.</param>
    /// <param name="projectKey">Only this project; null shows all.</param>
    public static Html Render(SiteModel site, string? projectKey)
    {
        var tickets = site.Issues.FindAll(issue => projectKey is null || issue.ProjectKey == projectKey);
        var tabs = site.Projects.Count < 2 ? Html.Empty : Html.Of(
            $"<nav class=\"tabs\" aria-label=\"Projects\">{Tab("All", "/", projectKey is null)}{site.Projects.Select(project => Tab(project.Key, $"/?project={project.Key}", projectKey == project.Key))}</nav>");
        var main = Html.Of(
            $"""
            <main class="board" data-live="board">
            {Html.If(tickets.Count == 0, Welcome)}
            <div class="columns">{Catalogue.Statuses.Select(status => Column(site, status, tickets))}</div>
            </main>
            """);
        return PageLayout.Page("Board · Jira sandbox", tabs, main);
    }

    private static Html Tab(string name, string href, bool current) => current
        ? Html.Of($"<a href=\"{href}\" aria-current=\"page\">{name}</a>")
        : Html.Of($"<a href=\"{href}\">{name}</a>");

    private static Html Welcome() => Html.Of(
        $"""
        <section class="welcome">
        <h1>No tickets yet</h1>
        <p>This is a local stand-in for a Jira site. Tickets appear here as soon as a program creates them through REST.</p>
        </section>
        """);

    private static Html Column(SiteModel site, SiteStatus status, List<SiteIssue> tickets)
    {
        var here = tickets.Where(issue => issue.StatusId == status.Id).OrderByDescending(issue => issue.Updated).ToList();
        return Html.Of(
            $"""
            <section class="column" aria-label="{status.Name}">
            <h2>{PageLayout.Status(status)}<span class="count">{here.Count}</span></h2>
            {here.Select(issue => Card(site, issue))}
            </section>
            """);
    }

    private static Html Card(SiteModel site, SiteIssue issue) => Html.Of(
        $"""
        <a class="card" href="/browse/{issue.Key}">
        <span class="card-summary">{issue.Summary}</span>
        {Html.If(issue.Labels.Count > 0, () => Html.Of($"<span class=\"labels\">{PageLayout.Labels(issue.Labels)}</span>"))}
        <span class="card-foot">{PageLayout.Type(site.IssueType(issue))}<span class="key">{issue.Key}</span>{PageLayout.Priority(Catalogue.Priority(issue.PriorityId))}
        {Html.If(issue.Comments.Count > 0, () => Html.Of($"<span class=\"comments\" title=\"Comments\">{issue.Comments.Count}</span>"))}
        <span class="grow"></span>{PageLayout.Avatar(site.Users.Find(user => user.AccountId == issue.AssigneeId))}</span>
        </a>
        """);
}
