using AgentSquad.JiraSandbox.Rest;
using AgentSquad.JiraSandbox.Site;
using AgentSquad.JiraSandbox.Webhooks;

namespace AgentSquad.JiraSandbox.Actions;

/// <summary>
/// What people and programs do to a site: each method changes it, keeps the change log and announces the change. Used by REST and by the
/// page alike; called inside the store's gate. Throws <see cref="JiraRefusal"/> for what Jira would refuse.
/// </summary>
internal sealed partial class SiteActions(View view, SiteUser actor, SiteStore store, WebhookOutbox outbox, TimeProvider time)
{
    private SiteModel Site => view.Site;

    // One moment for all that one request does, so that a new comment is not "edited".
    private DateTimeOffset Now { get; } = time.GetUtcNow();

    /// <summary>A ticket that the actor may see.</summary>
    /// <exception cref="JiraRefusal">404: it is not there or hidden.</exception>
    public SiteIssue Issue(string idOrKey)
    {
        var issue = Site.FindIssue(idOrKey);
        return issue is not null && Permissions.MaySee(Site, actor, issue) ? issue : throw JiraRefusal.NoIssue();
    }

    /// <summary>Refuses when the actor lacks a right.</summary>
    public void Demand(string permission, string message)
    {
        if (!Permissions.Has(Site, actor, permission)) throw JiraRefusal.Forbidden(message);
    }

    private void Announce(SiteIssue issue, WebhookPayload payload)
    {
        outbox.Publish(Site, issue, payload);
        store.MarkChanged();
    }

    private WebhookPayloads Payloads => new(view with { Version = 2 }, actor, time);
}

/// <summary>Makes the actions of one actor.</summary>
internal sealed class SiteActionsFactory(SiteStore store, WebhookOutbox outbox, TimeProvider time)
{
    /// <summary>Actions of <paramref name="actor"/>.</summary>
    public SiteActions For(View view, SiteUser actor) => new(view, actor, store, outbox, time);
}

/// <summary>Who may do what.</summary>
internal static class Permissions
{
    /// <summary>The permission keys that the sandbox knows, with the names that people see.</summary>
    public static IReadOnlyDictionary<string, string> Known { get; } = new Dictionary<string, string>
    {
        ["BROWSE_PROJECTS"] = "Browse Projects", ["CREATE_ISSUES"] = "Create Issues", ["EDIT_ISSUES"] = "Edit Issues",
        ["ASSIGN_ISSUES"] = "Assign Issues", ["TRANSITION_ISSUES"] = "Transition Issues", ["DELETE_ISSUES"] = "Delete Issues",
        ["LINK_ISSUES"] = "Link Issues", ["ADD_COMMENTS"] = "Add Comments", ["EDIT_OWN_COMMENTS"] = "Edit Own Comments",
        ["EDIT_ALL_COMMENTS"] = "Edit All Comments", ["DELETE_OWN_COMMENTS"] = "Delete Own Comments",
        ["DELETE_ALL_COMMENTS"] = "Delete All Comments", ["CREATE_ATTACHMENTS"] = "Create Attachments",
        ["DELETE_OWN_ATTACHMENTS"] = "Delete Own Attachments", ["SET_ISSUE_SECURITY"] = "Set Issue Security",
        ["ADMINISTER"] = "Administer Jira", ["USER_PICKER"] = "Browse users and groups", ["ADMINISTER_PROJECTS"] = "Administer Projects",
    };

    /// <summary>Whether an account has a right: all have the project rights unless revoked, administration belongs to a group.</summary>
    public static bool Has(SiteModel site, SiteUser user, string permission)
    {
        if (site.RevokedPermissions.TryGetValue(user.AccountId, out var revoked) && revoked.Contains(permission)) return false;
        return permission switch
        {
            "ADMINISTER" or "ADMINISTER_PROJECTS" or "EDIT_ALL_COMMENTS" or "DELETE_ALL_COMMENTS" => user.Groups.Contains(Catalogue.AdministratorsGroup),
            _ => true,
        };
    }

    /// <summary>Whether an account sees a ticket: it may browse, and the security level lets it.</summary>
    public static bool MaySee(SiteModel site, SiteUser user, SiteIssue issue)
    {
        if (!Has(site, user, "BROWSE_PROJECTS")) return false;
        if (issue.SecurityLevelId is null || issue.ReporterId == user.AccountId) return true;
        return InRole(site, user, issue.ProjectKey, "Developers") || InRole(site, user, issue.ProjectKey, "Administrators");
    }

    /// <summary>Whether an account sees a comment: its role or group is among the account's.</summary>
    public static bool MaySee(SiteModel site, SiteUser user, SiteIssue issue, SiteComment comment) => comment.Visibility switch
    {
        null => true,
        { Type: "group" } group => user.Groups.Contains(group.Value),
        var role => InRole(site, user, issue.ProjectKey, role.Value),
    };

    private static bool InRole(SiteModel site, SiteUser user, string projectKey, string role) =>
        site.FindProject(projectKey) is { } project
        && (project.Roles.GetValueOrDefault(role)?.Contains(user.AccountId) == true
            || project.RoleGroups.GetValueOrDefault(role)?.Exists(user.Groups.Contains) == true);
}
