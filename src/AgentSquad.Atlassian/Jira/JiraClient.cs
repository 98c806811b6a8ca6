using System.Text.Json;
using AgentSquad.Atlassian.Jira.Dialects;
using AgentSquad.Atlassian.Jira.Http;
using AgentSquad.Atlassian.Json;
using AgentSquad.Atlassian.Webhooks;
using AgentSquad.Core.Tickets;

namespace AgentSquad.Atlassian.Jira;

/// <summary>A Jira site over its REST API, in the dialect of its product.</summary>
internal sealed partial class JiraClient(JiraHttp http, IJiraDialect dialect) : IJiraSite
{
    private readonly RoutePath.Verbatim _api = new($"/rest/api/{dialect.ApiVersion}");

    public async Task<Person> GetMyselfAsync(CancellationToken cancellationToken)
    {
        using var answer = await http.GetAsync($"{_api}/myself", "Reading the own account", cancellationToken);
        return PayloadReading.PersonOf(answer.RootElement) ?? throw new JiraException("Jira answered the own account without an id.");
    }

    public async Task<Ticket> GetTicketAsync(string issueIdOrKey, CancellationToken cancellationToken)
    {
        using var answer = await ReadIssueAsync(issueIdOrKey, JiraReading.TicketFields, cancellationToken);
        return JiraReading.TicketOf(answer.RootElement, http.Access.Site, dialect);
    }

    public async Task<IReadOnlyList<JiraTransition>> GetTransitionsAsync(string issueIdOrKey, CancellationToken cancellationToken)
    {
        using var answer = await http.GetAsync(
            $"{_api}/issue/{issueIdOrKey}/transitions", $"Reading the transitions of ticket {issueIdOrKey}", cancellationToken);
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
