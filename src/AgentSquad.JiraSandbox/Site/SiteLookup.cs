namespace AgentSquad.JiraSandbox.Site;

/// <summary>Finds things in a site.</summary>
internal static class SiteLookup
{
    /// <summary>A ticket by id or key (compared without case), or null.</summary>
    public static SiteIssue? FindIssue(this SiteModel site, string idOrKey) =>
        site.Issues.Find(issue => issue.Id == idOrKey || issue.Key.Equals(idOrKey, StringComparison.OrdinalIgnoreCase));

    /// <summary>A project by id or key, or null.</summary>
    public static SiteProject? FindProject(this SiteModel site, string? idOrKey) =>
        site.Projects.Find(project => project.Id == idOrKey || project.Key.Equals(idOrKey, StringComparison.OrdinalIgnoreCase));

    /// <summary>The type of a ticket.</summary>
    public static SiteIssueType IssueType(this SiteModel site, SiteIssue issue) => site.IssueTypes.First(type => type.Id == issue.IssueTypeId);

    /// <summary>A comment with its ticket, or null.</summary>
    public static (SiteIssue Issue, SiteComment Comment)? FindComment(this SiteModel site, string commentId)
    {
        foreach (var issue in site.Issues)
        {
            if (issue.Comments.Find(comment => comment.Id == commentId) is { } comment) return (issue, comment);
        }

        return null;
    }
}
