using System.Text.Json;
using AgentSquad.Atlassian.Jira.Http;
using AgentSquad.Atlassian.Json;

namespace AgentSquad.Atlassian.Jira;

internal sealed partial class JiraClient
{
    private const string RolesRight = "Give the account the permission 'Administer Projects' in the project, or name accounts or groups instead of roles.";

    public async Task<MembershipAnswer> IsInGroupAsync(string accountId, string group, CancellationToken cancellationToken)
    {
        var (groups, reason) = await GroupsOfAsync(accountId, cancellationToken);
        return Judge(groups.Contains(group.Trim()), reason);
    }

    public async Task<MembershipAnswer> IsInProjectRoleAsync(string projectKey, string accountId, string role, CancellationToken cancellationToken)
    {
        var actors = new List<JsonElement>();
        try
        {
            if (await FindRoleAsync(projectKey, role, cancellationToken) is not { } id)
            {
                return MembershipAnswer.Unknown($"Project {projectKey} has no role '{role}'. Check the name in the configuration.");
            }

            using var answer = await http.GetAsync(
                $"{_api}/project/{projectKey}/role/{id}", $"Reading who has the role {role} in project {projectKey}", cancellationToken);
            actors.AddRange(answer.RootElement.Items("actors").Select(actor => actor.Clone()));
        }
        catch (JiraException error) when (IsRefusal(error))
        {
            return MembershipAnswer.Unknown($"The site does not tell who has the role '{role}' in project {projectKey} ({(int?)error.StatusCode}). {RolesRight}");
        }

        if (actors.Exists(actor => IsPerson(actor, accountId))) return MembershipAnswer.Of(true);
        var roleGroups = actors.SelectMany(GroupNames).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (roleGroups.Count == 0) return MembershipAnswer.Of(false);
        var (groups, reason) = await GroupsOfAsync(accountId, cancellationToken);
        return Judge(groups.Overlaps(roleGroups), reason);
    }

    private static MembershipAnswer Judge(bool isListed, string incomplete) =>
        isListed || incomplete.Length == 0 ? MembershipAnswer.Of(isListed) : MembershipAnswer.Unknown(incomplete);

    /// <summary>Names and ids of a person's groups as far as the site tells them, and why it does not tell all; empty when it does.</summary>
    private async Task<(HashSet<string> Groups, string Incomplete)> GroupsOfAsync(string accountId, CancellationToken cancellationToken)
    {
        var groups = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        try
        {
            // Data Center has no resource for the groups alone.
            using var answer = dialect.SearchesByToken
                ? await http.GetAsync($"{_api}/user/groups{RoutePath.Query((dialect.PersonQuery, accountId))}", "Reading a person's groups", cancellationToken)
                : await http.GetAsync(
                    $"{_api}/user{RoutePath.Query((dialect.PersonQuery, accountId), ("expand", "groups"))}", "Reading a person's groups", cancellationToken);
            var expanded = answer.RootElement.ObjectChild("groups");
            var list = expanded is { } holder ? holder.Items("items")
                : answer.RootElement.ValueKind == JsonValueKind.Array ? answer.RootElement.EnumerateArray() : [];
            var count = 0;
            foreach (var group in list)
            {
                count++;
                if (group.Text("name") is { } name) groups.Add(name);
                if (group.Text("groupId") is { } id) groups.Add(id);
            }

            return (groups, expanded?.Whole("size") > count ? $"The site tells only {count} of the person's {expanded?.Whole("size")} groups." : "");
        }
        catch (JiraException error) when (IsRefusal(error))
        {
            return (groups, $"The site does not tell the person's groups ({(int?)error.StatusCode}). {GroupsRight}");
        }
    }

    private Task<string?> FindRoleAsync(string projectKey, string role, CancellationToken cancellationToken) => _names.FindAsync(
        $"roles of {projectKey}",
        role,
        async token =>
        {
            using var answer = await http.GetAsync($"{_api}/project/{projectKey}/role", $"Reading the roles of project {projectKey}", token);
            var ids = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            if (answer.RootElement.ValueKind != JsonValueKind.Object) return ids;
            foreach (var entry in answer.RootElement.EnumerateObject())
            {
                // The id stands nowhere but at the end of the role's address.
                if (entry.Value.Text()?.TrimEnd('/').Split('/')[^1] is not { Length: > 0 } id || !id.All(char.IsAsciiDigit)) continue;
                ids.TryAdd(entry.Name, id);
                ids.TryAdd(id, id);
            }

            return ids;
        },
        cancellationToken);

    private string GroupsRight =>
        $"Give the account the global permission '{(http.Access.IsDataCenter ? "Browse Users" : "Browse users and groups")}', or name accounts instead of groups.";

    // Cloud answers 404 where the account may not ask; 401 means bad credentials and stays an error.
    private static bool IsRefusal(JiraException error) => error.Failure is JiraFailure.Forbidden or JiraFailure.NotFound;

    private static bool IsPerson(JsonElement actor, string accountId)
    {
        if (actor.Text("type") == "atlassian-group-role-actor") return false;
        var user = actor.ObjectChild("actorUser");
        return (user?.Text("accountId") ?? user?.Text("name") ?? actor.Text("name")) is { } id && string.Equals(id, accountId, StringComparison.Ordinal);
    }

    private static IEnumerable<string> GroupNames(JsonElement actor)
    {
        if (actor.Text("type") != "atlassian-group-role-actor") return [];
        var group = actor.ObjectChild("actorGroup") ?? default;
        return new[] { group.Text("name"), group.Text("groupId"), actor.Text("name") }.OfType<string>();
    }
}
