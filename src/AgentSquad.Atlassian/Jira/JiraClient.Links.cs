using System.Text.Json.Nodes;
using AgentSquad.Atlassian.Json;

namespace AgentSquad.Atlassian.Jira;

internal sealed partial class JiraClient
{
    public async Task<IReadOnlyList<TicketLink>> GetLinksAsync(string issueIdOrKey, CancellationToken cancellationToken)
    {
        using var answer = await ReadIssueAsync(issueIdOrKey, "issuelinks", cancellationToken);
        var links = new List<TicketLink>();
        foreach (var link in answer.RootElement.ObjectChild("fields")?.Items("issuelinks") ?? [])
        {
            var outward = link.ObjectChild("outwardIssue");
            if ((outward ?? link.ObjectChild("inwardIssue")) is not { } other) continue;
            links.Add(new TicketLink(link.Text("id") ?? "", link.ObjectChild("type")?.Text("name") ?? "", outward is not null, ReferenceOf(other)));
        }

        return links;
    }

    public Task LinkAsync(string typeName, string inwardKey, string outwardKey, CancellationToken cancellationToken) => http.SendAsync(
        HttpMethod.Post,
        $"{_api}/issueLink",
        new JsonObject
        {
            ["type"] = new JsonObject { ["name"] = typeName },
            ["inwardIssue"] = new JsonObject { ["key"] = inwardKey },
            ["outwardIssue"] = new JsonObject { ["key"] = outwardKey },
        },
        $"Linking {inwardKey} with {outwardKey}",
        cancellationToken);

    public Task DeleteLinkAsync(string linkId, CancellationToken cancellationToken) =>
        DeleteAsync($"{_api}/issueLink/{linkId}", $"Deleting link {linkId}", cancellationToken);

    public async Task<IReadOnlyList<RemoteLink>> GetRemoteLinksAsync(string issueIdOrKey, CancellationToken cancellationToken)
    {
        using var answer = await http.GetAsync(
            $"{_api}/issue/{issueIdOrKey}/remotelink", $"Reading the links of ticket {issueIdOrKey}", cancellationToken);
        if (answer.RootElement.ValueKind != System.Text.Json.JsonValueKind.Array) return [];
        return [.. answer.RootElement.EnumerateArray().Select(link => new RemoteLink(
            link.Text("globalId") ?? "",
            link.ObjectChild("object")?.Text("url") ?? "",
            link.ObjectChild("object")?.Text("title") ?? "",
            link.Text("relationship")))];
    }

    public Task SetRemoteLinkAsync(string issueIdOrKey, RemoteLink link, CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            ["globalId"] = link.GlobalId,
            ["object"] = new JsonObject { ["url"] = link.Url, ["title"] = link.Title },
        };
        if (link.Relationship is { } relationship) body["relationship"] = relationship;
        return http.SendAsync(
            HttpMethod.Post, $"{_api}/issue/{issueIdOrKey}/remotelink", body, $"Linking ticket {issueIdOrKey} with a page", cancellationToken);
    }
}
