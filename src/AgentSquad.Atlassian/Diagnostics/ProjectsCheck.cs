using AgentSquad.Atlassian.Jira;
using AgentSquad.Atlassian.Jira.Http;
using AgentSquad.Atlassian.Json;

namespace AgentSquad.Atlassian.Diagnostics;

/// <summary>Whether the squad may work in its projects, and whether what the configuration names is there.</summary>
internal sealed class ProjectsCheck(IJiraSite site, JiraHttp http, JiraDeployment deployment, SiteExpectations expected)
{
    // A large site shows hundreds; the first tell enough, and --project names others.
    private const int ProjectsLookedAt = 5;
    private const int NamesShown = 12;

    private static readonly (string Key, string Name)[] Needed =
    [
        ("BROWSE_PROJECTS", "Browse Projects"), ("ADD_COMMENTS", "Add Comments"), ("EDIT_OWN_COMMENTS", "Edit Own Comments"),
        ("DELETE_OWN_COMMENTS", "Delete Own Comments"), ("TRANSITION_ISSUES", "Transition Issues"),
    ];

    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        var named = expected.Projects.Count > 0;
        IReadOnlyList<string> projects = expected.Projects;
        try
        {
            if (!named) projects = await VisibleAsync(cancellationToken);
        }
        catch (JiraException error)
        {
            return [FailureFindings.Of(error, "jira.projects", http.Access)];
        }

        if (projects.Count == 0)
        {
            return [Finding.Error(
                "jira.projects", "The account sees no project.", "Give it the permission Browse Projects in the projects that the squad works on.", "Jira__Email")];
        }

        foreach (var project in projects.Take(named ? int.MaxValue : ProjectsLookedAt))
        {
            findings.AddRange(await LookAtAsync(project, named, cancellationToken));
        }

        if (!named && projects.Count > ProjectsLookedAt)
        {
            findings.Add(Finding.Ok("jira.projects", $"The account sees further projects, which were not looked at; name one with --project KEY."));
        }

        return findings;
    }

    private async Task<IReadOnlyList<Finding>> LookAtAsync(string project, bool named, CancellationToken cancellationToken)
    {
        try
        {
            var needed = Needed.Where(permission => permission.Key != "TRANSITION_ISSUES" || expected.MovesTickets).ToList();
            var keys = needed.Select(permission => permission.Key).Concat(expected.Permissions.Select(permission => permission.Key)).Distinct(StringComparer.Ordinal);
            var granted = await site.GetPermissionsAsync(project, keys, cancellationToken);
            var missing = needed.Where(permission => !granted[permission.Key]).ToList();
            var check = $"jira.project.{project}";
            if (missing.Exists(permission => permission.Key == "BROWSE_PROJECTS")) return [NotSeen(project, check)];
            var findings = new List<Finding>
            {
                missing.Count == 0
                    ? Finding.Ok(check, $"The account has the permissions that it needs in project {project}.")
                    : new Finding(
                        check,
                        named ? FindingSeverity.Error : FindingSeverity.Warning,
                        $"In project {project} the account lacks: {string.Join(", ", missing.Select(permission => permission.Name))}.")
                    {
                        Fix = $"Project settings, Permissions (or People, Access): give the account a role that has {string.Join(", ", missing.Select(permission => permission.Name))}.",
                    },
            };
            findings.AddRange(expected.Permissions.Where(permission => !granted[permission.Key]).Select(permission => Finding.Warning(
                check,
                $"In project {project} the account lacks {permission.Name}, which {permission.Setting} needs.",
                $"Give the account {permission.Name} in project {project}, or change {permission.Setting}.",
                permission.Setting)));
            if (expected.SubTaskType is { } type && await site.FindIssueTypeAsync(project, type.Name, cancellationToken) is null)
            {
                findings.Add(Finding.Warning(
                    check, $"Project {project} has no issue type '{type.Name}' for sub-tasks.", $"Set {type.Setting} to a sub-task type of the project.", type.Setting));
            }

            findings.AddRange(await MembershipsAsync(project, cancellationToken));
            if (expected.Statuses.Count > 0) findings.AddRange(await StatusesAsync(project, cancellationToken));
            return findings;
        }
        catch (JiraException error) when (error.Failure == JiraFailure.NotFound)
        {
            return [NotSeen(project, $"jira.project.{project}")];
        }
        catch (JiraException error)
        {
            return [FailureFindings.Of(error, $"jira.project.{project}", http.Access)];
        }
    }

    private static Finding NotSeen(string project, string check) => Finding.Error(
        check,
        $"There is no project {project}, or the account may not see it.",
        $"Check the key in Squad__Triggers__Projects or --project, and give the account Browse Projects in {project}.",
        "Squad__Triggers__Projects__0");

    private async Task<IEnumerable<Finding>> StatusesAsync(string project, CancellationToken cancellationToken)
    {
        var check = $"jira.status.{project}";
        var names = (await site.GetStatusesAsync(project, cancellationToken)).Select(status => status.Name).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        var missing = expected.Statuses.Where(status => !names.Contains(status.Name.Trim(), StringComparer.OrdinalIgnoreCase)).ToList();
        if (missing.Count == 0) return [Finding.Ok(check, $"Project {project} has every status that the configuration names.")];
        var there = string.Join(", ", names.Take(NamesShown)) + (names.Count > NamesShown ? ", …" : "");
        return missing.Select(status => Finding.Warning(
            check,
            $"Project {project} has no status '{status.Name}'; it has {there}.",
            $"Set {status.Setting} to one of those{(status.Setting.StartsWith("Squad__StatusNames", StringComparison.Ordinal) ? ", or to nothing so that the ticket is not moved" : "")}.",
            status.Setting));
    }

    // Whether people have a role or are in a group is asked for each command; here the account asks about itself, to learn whether it may.
    private async Task<IReadOnlyList<Finding>> MembershipsAsync(string project, CancellationToken cancellationToken)
    {
        if (expected.Roles.Count + expected.Groups.Count == 0) return [];
        var me = (await site.GetMyselfAsync(cancellationToken)).AccountId;
        var answers = new List<(NamedBySetting Asked, string Kind, MembershipAnswer Answer)>();
        foreach (var role in expected.Roles)
        {
            answers.Add((role, "role", await site.IsInProjectRoleAsync(project, me, role.Name, cancellationToken)));
        }

        foreach (var group in expected.Groups) answers.Add((group, "group", await site.IsInGroupAsync(me, group.Name, cancellationToken)));
        return [.. answers.Select(one => one.Answer.Result == MembershipResult.CannotCheck
            ? Finding.Error(
                $"jira.rights.{project}",
                $"{one.Asked.Setting} names the {one.Kind} '{one.Asked.Name}', but who belongs to it cannot be read in project {project}: nobody gets a right by it.",
                one.Answer.Reason,
                one.Asked.Setting)
            : Finding.Ok($"jira.rights.{project}", $"Who belongs to the {one.Kind} '{one.Asked.Name}' can be read.", one.Asked.Setting))];
    }

    private async Task<IReadOnlyList<string>> VisibleAsync(CancellationToken cancellationToken)
    {
        const int Most = ProjectsLookedAt + 1;
        if (deployment == JiraDeployment.Cloud)
        {
            using var page = await http.GetAsync($"/rest/api/3/project/search?maxResults={Most}", "Reading the projects", cancellationToken);
            return [.. page.RootElement.Items("values").Select(project => project.Text("key")).OfType<string>()];
        }

        using var all = await http.GetAsync($"/rest/api/2/project", "Reading the projects", cancellationToken);
        return all.RootElement.ValueKind == System.Text.Json.JsonValueKind.Array
            ? [.. all.RootElement.EnumerateArray().Select(project => project.Text("key")).OfType<string>().Take(Most)]
            : [];
    }
}
