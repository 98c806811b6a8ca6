using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentSquad.Atlassian.Adf;
using AgentSquad.Atlassian.Jira;
using AgentSquad.Cli.LocalSystem;

namespace AgentSquad.Cli.Demo;

/// <summary>Tickets of the sandbox over Jira's REST API, as the reporter writes and reads them.</summary>
internal sealed class SandboxTickets(HttpClient http, string sandbox, SandboxAccount reporter)
{
    private const string Project = "TEST";

    /// <summary>Creates a ticket.</summary>
    /// <param name="ticket">What it says.</param>
    /// <param name="triggerLabel">The label that starts a run.</param>
    /// <param name="cancellation">Cancels the request.</param>
    /// <returns>Its key.</returns>
    public async Task<string> CreateAsync(TicketFile ticket, string triggerLabel, CancellationToken cancellation)
    {
        var fields = new JsonObject
        {
            ["project"] = new JsonObject { ["key"] = Project },
            ["issuetype"] = Named(ticket.IssueType),
            ["summary"] = ticket.Summary,
            ["labels"] = new JsonArray([.. ticket.Labels.Append(triggerLabel).Distinct().Select(label => JsonValue.Create(label))]),
        };
        if (ticket.Description.Length > 0) fields["description"] = AdfMarkdown.FromMarkdown(ticket.Description);
        if (ticket.Priority is { } priority) fields["priority"] = Named(priority);
        if (ticket.Components.Count > 0) fields["components"] = new JsonArray([.. ticket.Components.Select(Named)]);
        var created = await SendAsync(HttpMethod.Post, "issue", new JsonObject { ["fields"] = fields }, cancellation);
        return created.GetProperty("key").GetString()!;
    }

    /// <summary>Name of the status that a ticket has.</summary>
    public async Task<string> GetStatusAsync(string key, CancellationToken cancellation)
    {
        var issue = await SendAsync(HttpMethod.Get, $"issue/{key}?fields=status", body: null, cancellation);
        return issue.GetProperty("fields").GetProperty("status").GetProperty("name").GetString()!;
    }

    /// <summary>The squad's comments on a ticket, oldest first; those that people wrote are left out.</summary>
    public async Task<IReadOnlyList<DemoComment>> GetSquadCommentsAsync(string key, CancellationToken cancellation)
    {
        var page = await SendAsync(HttpMethod.Get, $"issue/{key}/comment?expand=properties&orderBy=created&maxResults=1000", body: null, cancellation);
        return [.. page.GetProperty("comments").EnumerateArray().Select(Read).OfType<DemoComment>()];
    }

    private static DemoComment? Read(JsonElement comment)
    {
        if (!comment.TryGetProperty("properties", out var properties)) return null;
        var marker = properties.EnumerateArray().FirstOrDefault(p => p.GetProperty("key").GetString() == CommentEffect.PropertyKey);
        if (marker.ValueKind != JsonValueKind.Object || !marker.GetProperty("value").TryGetProperty("kind", out var kind)) return null;
        return new DemoComment(
            comment.GetProperty("id").GetString()!,
            comment.GetProperty("author").GetProperty("displayName").GetString()!,
            kind.GetString()!,
            AdfMarkdown.ToMarkdown(comment.GetProperty("body")).Trim());
    }

    private static JsonObject Named(string name) => new() { ["name"] = name };

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, JsonObject? body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, new Uri($"{sandbox}/rest/api/3/{path}"));
        var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{reporter.Email}:{reporter.ApiToken}"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", credentials);
        if (body is not null) request.Content = JsonContent.Create(body);
        using var response = await http.SendAsync(request, cancellation);
        var answer = await response.Content.ReadAsStringAsync(cancellation);
        if (!response.IsSuccessStatusCode) throw new CliException($"The Jira sandbox refused {method} {path}: {(int)response.StatusCode} {answer}");
        using var document = JsonDocument.Parse(answer);
        return document.RootElement.Clone();
    }
}
