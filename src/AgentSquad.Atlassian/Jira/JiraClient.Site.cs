using System.Text.Json;
using System.Text.Json.Nodes;
using AgentSquad.Atlassian.Jira.Dialects;
using AgentSquad.Atlassian.Jira.Http;
using AgentSquad.Atlassian.Json;
using AgentSquad.Atlassian.Webhooks;
using AgentSquad.Core.Tickets;
using Microsoft.Extensions.Logging;

namespace AgentSquad.Atlassian.Jira;

internal sealed partial class JiraClient
{
    private const string AnySubtaskType = "(any sub-task type)";

    private readonly JiraNames _names = new(time);

    public async Task<Person?> GetUserAsync(string accountId, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await http.GetAsync(
                $"{_api}/user{RoutePath.Query((dialect.PersonQuery, accountId))}", "Reading a person", cancellationToken);
            return PayloadReading.PersonOf(answer.RootElement);
        }
        catch (JiraException error) when (error.Failure == JiraFailure.NotFound)
        {
            return null;
        }
    }

    public async Task<IReadOnlyList<Person>> FindUsersAsync(string query, CancellationToken cancellationToken)
    {
        using var answer = await http.GetAsync(
            $"{_api}/user/search{RoutePath.Query((dialect.PeopleQuery, query), ("maxResults", 50))}", "Looking for people", cancellationToken);
        return answer.RootElement.ValueKind == JsonValueKind.Array
            ? [.. answer.RootElement.EnumerateArray().Select(user => PayloadReading.PersonOf(user)).OfType<Person>()]
            : [];
    }

    public async Task<JiraServer> GetServerAsync(CancellationToken cancellationToken)
    {
        using var answer = await http.GetAsync($"{_api}/serverInfo", "Reading what answers there", cancellationToken);
        var info = answer.RootElement;
        var time = JiraReading.TimeOf(info.Text("serverTime"));
        return new JiraServer(
            (info.Text("baseUrl") ?? "").TrimEnd('/'),
            info.Text("version") ?? "",
            info.Text("deploymentType") == "Cloud" ? JiraDeployment.Cloud : JiraDeployment.DataCenter,
            time == DateTimeOffset.MinValue ? null : time);
    }

    public async Task<IReadOnlyDictionary<string, bool>> GetPermissionsAsync(
        string? projectKey, IEnumerable<string> permissions, CancellationToken cancellationToken)
    {
        var wanted = permissions.ToList();
        var query = RoutePath.Query(("projectKey", projectKey), ("permissions", dialect.SearchesByToken ? string.Join(',', wanted) : null));
        using var answer = await http.GetAsync($"{_api}/mypermissions{query}", "Reading the own permissions", cancellationToken);
        var granted = answer.RootElement.ObjectChild("permissions") ?? default;
        return wanted.ToDictionary(name => name, name => granted.ObjectChild(name)?.Flag("havePermission") ?? false, StringComparer.Ordinal);
    }

    public async Task<IReadOnlyList<TicketStatus>> GetStatusesAsync(string projectKey, CancellationToken cancellationToken)
    {
        using var answer = await http.GetAsync(
            $"{_api}/project/{projectKey}/statuses", $"Reading the statuses of project {projectKey}", cancellationToken);
        return answer.RootElement.ValueKind == JsonValueKind.Array
            ? [.. answer.RootElement.EnumerateArray().SelectMany(type => type.Items("statuses")).Select(JiraReading.StatusOf).DistinctBy(status => status.Id)]
            : [];
    }

    public Task<string?> FindFieldAsync(string name, CancellationToken cancellationToken) => _names.FindAsync(
        "fields",
        name,
        async token =>
        {
            using var answer = await http.GetAsync($"{_api}/field", "Reading the fields", token);
            return JiraNames.Of(answer.RootElement);
        },
        cancellationToken);

    public Task<string?> FindIssueTypeAsync(string projectKey, string name, CancellationToken cancellationToken) => _names.FindAsync(
        $"types of {projectKey}",
        name,
        async token =>
        {
            using var answer = await http.GetAsync(
                $"{_api}/issue/createmeta/{projectKey}/issuetypes?maxResults=200", $"Reading the issue types of project {projectKey}", token);

            // Cloud calls the list issueTypes, Data Center values.
            var types = answer.RootElement.Child("issueTypes") ?? answer.RootElement.Child("values") ?? default;
            var ids = JiraNames.Of(types);
            if (types.ValueKind == JsonValueKind.Array && types.EnumerateArray().FirstOrDefault(type => type.Flag("subtask") == true).Text("id") is { } subtask)
            {
                ids.TryAdd(AnySubtaskType, subtask);
            }

            return ids;
        },
        cancellationToken);

    public Task<string?> FindStatusAsync(string projectKey, string name, CancellationToken cancellationToken) => _names.FindAsync(
        $"statuses of {projectKey}",
        name,
        async token =>
        {
            var ids = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            foreach (var status in await GetStatusesAsync(projectKey, token))
            {
                ids.TryAdd(status.Id, status.Id);
                ids.TryAdd(status.Name.Trim(), status.Id);
            }

            return ids;
        },
        cancellationToken);

    /// <summary>
    /// The issue type as a request names it: by id where the project has the name, because names are translated; a sub-task whose type the
    /// project does not have becomes the project's own kind of sub-task.
    /// </summary>
    private async Task<JsonObject> IssueTypeAsync(TicketDraft draft, CancellationToken cancellationToken)
    {
        try
        {
            var id = await FindIssueTypeAsync(draft.ProjectKey, draft.IssueType, cancellationToken)
                ?? (draft.ParentKey is null ? null : await FindIssueTypeAsync(draft.ProjectKey, AnySubtaskType, cancellationToken));
            if (id is not null) return new JsonObject { ["id"] = id };
        }
        catch (JiraException error) when (!error.IsTransient)
        {
            // An account may create tickets without being allowed to read this list; the name alone often does.
            logger.LogDebug(error, "The issue types of project {Project} cannot be read.", draft.ProjectKey);
        }

        return new JsonObject { ["name"] = draft.IssueType };
    }
}
