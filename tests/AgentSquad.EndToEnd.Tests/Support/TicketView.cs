using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using AgentSquad.Cli.LocalSystem;

namespace AgentSquad.EndToEnd.Tests.Support;

/// <summary>What a person sees on a ticket of the sandbox: statuses, comments, sub-tasks, links, files.</summary>
internal static class TicketView
{
    /// <summary>Reads a ticket as the reporter, in either dialect; without ids and times, so that two tickets can be compared.</summary>
    public static async Task<string> ReadAsync(HttpClient http, string sandbox, string issueId)
    {
        var issue = await GetAsync(http, $"{sandbox}/rest/api/2/issue/{issueId}?expand=changelog");
        var remote = await GetAsync(http, $"{sandbox}/rest/api/2/issue/{issueId}/remotelink");
        var comments = await GetAsync(http, $"{sandbox}/rest/api/2/issue/{issueId}/comment?maxResults=1000&expand=properties");
        var fields = issue["fields"]!;
        var text = new StringBuilder().AppendLine($"{fields["summary"]}: {fields["status"]!["name"]}");
        var histories = issue["changelog"]!["histories"]!.AsArray().OrderBy(history => long.Parse(history!["id"]!.GetValue<string>(), CultureInfo.InvariantCulture));
        foreach (var item in histories.SelectMany(history => history!["items"]!.AsArray()))
        {
            if (item!["field"]!.GetValue<string>() == "status") text.AppendLine($"moved to {item["toString"]}");
        }

        foreach (var comment in comments["comments"]!.AsArray())
        {
            var body = comment!["body"]!.GetValue<string>();
            var hidden = comment["properties"]!.AsArray().Any(property => property!["key"]!.GetValue<string>() == "sd.public.comment");
            text.AppendLine($"comment{(hidden ? " (internal)" : "")}: {(body.Length > 2_000 ? $"{body.Length} characters" : body)}");
        }

        Add("sub-task", fields["subtasks"], one => $"{one["fields"]!["summary"]}: {one["fields"]!["status"]!["name"]}");
        Add("link", fields["issuelinks"], one => $"{one["type"]!["name"]}");
        Add("file", fields["attachment"], one => $"{one["filename"]}");
        Add("page", remote, one => $"{one["object"]!["url"]} {one["object"]!["title"]}");
        return text.ToString();

        void Add(string what, JsonNode? list, Func<JsonNode, string> show)
        {
            foreach (var one in (list?.AsArray() ?? []).Select(one => show(one!)).Order(StringComparer.Ordinal)) text.AppendLine($"{what}: {one}");
        }
    }

    private static async Task<JsonNode> GetAsync(HttpClient http, string address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address));
        var reporter = SandboxAccount.Reporter;
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{reporter.Email}:{reporter.ApiToken}")));
        using var response = await http.SendAsync(request);
        return JsonNode.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync())!;
    }
}
