using System.Collections.Concurrent;
using System.Text.Json;
using AgentSquad.Atlassian.Jira.Dialects;
using AgentSquad.Atlassian.Jira.Http;
using AgentSquad.Atlassian.Json;
using AgentSquad.Atlassian.Webhooks;
using AgentSquad.Core.Tickets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentSquad.Atlassian.Jira;

/// <summary>A Jira site over its REST API, in the dialect of its product.</summary>
internal sealed partial class JiraClient(
    JiraHttp http, IJiraDialect dialect, IOptions<JiraOptions> options, TimeProvider time, ILogger<JiraClient> logger) : IJiraSite
{
    private readonly ConcurrentDictionary<string, byte> _unknownFields = new(StringComparer.OrdinalIgnoreCase);
    private readonly RoutePath.Verbatim _api = new($"/rest/api/{dialect.ApiVersion}");
    private readonly OwnAccount _own = new(time);

    public async Task<Person> GetMyselfAsync(CancellationToken cancellationToken)
    {
        using var answer = await http.GetAsync($"{_api}/myself", "Reading the own account", cancellationToken);
        return PayloadReading.PersonOf(answer.RootElement) ?? throw new JiraException("Jira answered the own account without an id.");
    }

    public Task<bool> IsOwnAsync(Person? person, CancellationToken cancellationToken) => _own.IsAsync(person, GetMyselfAsync, cancellationToken);

    public Task<Ticket> GetTicketAsync(string issueIdOrKey, CancellationToken cancellationToken) => GetTicketAsync(issueIdOrKey, [], cancellationToken);

    public async Task<Ticket> GetTicketAsync(string issueIdOrKey, IEnumerable<string> fields, CancellationToken cancellationToken)
    {
        var further = await FurtherFieldsAsync(fields, cancellationToken);
        using var answer = await ReadIssueAsync(issueIdOrKey, string.Join(',', [JiraReading.TicketFields, .. further.Values.Distinct()]), cancellationToken);
        return JiraReading.TicketOf(answer.RootElement, http.Access.Site, dialect, further);
    }

    /// <summary>Ids of the configured and the given fields by the names that were used for them.</summary>
    private async Task<IReadOnlyDictionary<string, string>> FurtherFieldsAsync(IEnumerable<string> fields, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in options.Value.TicketFields.Concat(fields))
        {
            if (found.ContainsKey(name)) continue;
            if (await FindFieldAsync(name, cancellationToken) is { } id) found[name] = id;
            else if (_unknownFields.TryAdd(name, 0)) logger.LogWarning("{Site} has no field {Field}, which the configuration names.", http.Access.Site, name);
        }

        return found;
    }

    public async Task<IReadOnlyList<JiraTransition>> GetTransitionsAsync(string issueIdOrKey, CancellationToken cancellationToken)
    {
        // Data Center does not say whether a transition has a screen, only which fields are on it.
        var query = RoutePath.Query(("expand", dialect.SearchesByToken ? null : "transitions.fields"));
        using var answer = await http.GetAsync(
            $"{_api}/issue/{issueIdOrKey}/transitions{query}", $"Reading the transitions of ticket {issueIdOrKey}", cancellationToken);
        return [.. answer.RootElement.Items("transitions").Where(item => item.Flag("isAvailable") != false).Select(JiraReading.TransitionOf)];
    }

    public Task TransitionAsync(string issueIdOrKey, string transitionId, CancellationToken cancellationToken) => http.SendAsync(
        HttpMethod.Post,
        $"{_api}/issue/{issueIdOrKey}/transitions",
        JsonSerializer.SerializeToNode(new { transition = new { id = transitionId } }),
        $"Moving ticket {issueIdOrKey}",
        cancellationToken);

    private Task<JsonDocument> ReadIssueAsync(string issueIdOrKey, string fields, CancellationToken cancellationToken) => http.GetAsync(
        $"{_api}/issue/{issueIdOrKey}{RoutePath.Query(("fields", fields))}", $"Reading ticket {issueIdOrKey}", cancellationToken);
}
