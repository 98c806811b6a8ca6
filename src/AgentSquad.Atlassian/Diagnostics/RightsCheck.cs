using AgentSquad.Atlassian.Jira;
using AgentSquad.Atlassian.Jira.Http;
using AgentSquad.Atlassian.Json;

namespace AgentSquad.Atlassian.Diagnostics;

/// <summary>
/// Whether the site tells who is in a group, and has the groups that the configuration names. Roles are looked at project by project; where a
/// role is given to a group, they depend on this too.
/// </summary>
internal sealed class RightsCheck(IJiraSite site, JiraHttp http, SiteExpectations expected)
{
    private const string Check = "jira.rights";
    private const string Permission = "USER_PICKER";

    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (!(await site.GetPermissionsAsync(null, [Permission], cancellationToken))[Permission]) return [MissingPermission()];
            var findings = new List<Finding>();
            foreach (var group in expected.Groups)
            {
                findings.Add(await HasAsync(group.Name.Trim(), cancellationToken) switch
                {
                    true => Finding.Ok(Check, $"The site has the group '{group.Name}'.", group.Setting),
                    false => Finding.Error(
                        Check, $"{group.Setting} names the group '{group.Name}', which the site does not have: nobody gets a right by it.",
                        "Check the spelling: the list of groups in the site's user management has the names.", group.Setting),
                    null => Finding.Ok(Check, $"Whether the site has the group '{group.Name}' was not found out.", group.Setting),
                });
            }

            return findings;
        }
        catch (JiraException error)
        {
            return [FailureFindings.Of(error, Check, http.Access)];
        }
    }

    // A group named by itself gives nobody a right then; a role only to people who have it directly.
    private Finding MissingPermission()
    {
        var name = http.Access.IsDataCenter ? "Browse Users" : "Browse users and groups";
        var fix = $"Give the account the global permission '{name}' (Settings, System, Global permissions), or name accounts instead.";
        return expected.Groups.Count > 0
            ? Finding.Error(
                Check, $"The account lacks the global permission {name}, so that nobody's groups can be read: {Settings(expected.Groups)} gives nobody a right.", fix, expected.Groups[0].Setting)
            : Finding.Warning(
                Check, $"The account lacks the global permission {name}: who has a role of {Settings(expected.Roles)} through a group gets no right by it.", fix, expected.Roles[0].Setting);
    }

    private async Task<bool?> HasAsync(string group, CancellationToken cancellationToken)
    {
        // Cloud takes a group's id too; the list is searched by name alone.
        if (Guid.TryParse(group, out _)) return null;
        using var answer = http.Access.IsDataCenter
            ? await http.GetAsync($"/rest/api/2/groups/picker?query={group}", "Looking for a group", cancellationToken)
            : await http.GetAsync($"/rest/api/3/groups/picker?query={group}", "Looking for a group", cancellationToken);
        var shown = answer.RootElement.Items("groups").Select(one => one.Text("name")).ToList();
        if (shown.Contains(group, StringComparer.OrdinalIgnoreCase)) return true;

        // Names that contain the wanted one may fill the list, which the site keeps short.
        return answer.RootElement.Whole("total") > shown.Count ? null : false;
    }

    private static string Settings(IEnumerable<NamedBySetting> names) => string.Join(", ", names.Select(one => one.Setting));
}
