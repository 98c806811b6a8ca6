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
    private const string DefaultProject = "TEST";

    /// <summary>Creates a ticket.</summary>
    /// <param name="ticket">What it says.</param>
    /// <param name="triggerLabel">The label that starts a run; null leaves it for later.</param>
    /// <param name="cancellation">Cancels the request.</param>
    /// <param name="project">Key of its project.</param>
    /// <returns>Its key.</returns>
    public async Task<string> CreateAsync(
        TicketFile ticket, string? triggerLabel, CancellationToken cancellation, string project = DefaultProject)
    {
        string[] labels = [.. ticket.Labels, .. triggerLabel is null ? [] : (string[])[triggerLabel]];
        var fields = new JsonObject
        {
            ["project"] = new JsonObject { ["key"] = project },
            ["issuetype"] = Named(ticket.IssueType),
            ["summary"] = ticket.Summary,
            ["labels"] = new JsonArray([.. labels.Distinct().Select(label => JsonValue.Create(label))]),
        };
        if (ticket.Description.Length > 0) fields["description"] = AdfMarkdown.FromMarkdown(ticket.Description);
        if (ticket.Priority is { } priority) fields["priority"] = Named(priority);
        if (ticket.Components.Count > 0) fields["components"] = new JsonArray([.. ticket.Components.Select(Named)]);
        var created = await SendAsync(HttpMethod.Post, "issue", new JsonObject { ["fields"] = fields }, cancellation);
        return created.GetProperty("key").GetString()!;
    }

    /// <summary>Id of a ticket, which stays when its key changes.</summary>
    public async Task<string> GetIdAsync(string key, CancellationToken cancellation) =>
        (await SendAsync(HttpMethod.Get, $"issue/{key}?fields=status", body: null, cancellation)).GetProperty("id").GetString()!;

    /// <summary>Writes a comment.</summary>
    /// <param name="key">The ticket.</param>
    /// <param name="markdown">What it says.</param>
    /// <param name="cancellation">Cancels the request.</param>
    /// <param name="marker">Value of the app's own comment property, for one who wants to pass for the app; null for honest people.</param>
    /// <returns>Its id.</returns>
    public async Task<string> AddCommentAsync(string key, string markdown, CancellationToken cancellation, JsonObject? marker = null)
    {
        var body = new JsonObject { ["body"] = AdfMarkdown.FromMarkdown(markdown) };
        if (marker is not null) body["properties"] = new JsonArray(new JsonObject { ["key"] = CommentEffect.PropertyKey, ["value"] = marker });
        var created = await SendAsync(HttpMethod.Post, $"issue/{key}/comment", body, cancellation);
        return created.GetProperty("id").GetString()!;
    }

    /// <summary>Replaces a ticket's description.</summary>
    public Task SetDescriptionAsync(string key, string markdown, CancellationToken cancellation) => SendAsync(
        HttpMethod.Put, $"issue/{key}", new JsonObject { ["fields"] = new JsonObject { ["description"] = AdfMarkdown.FromMarkdown(markdown) } }, cancellation);

    /// <summary>Puts a label on a ticket.</summary>
    public Task AddLabelAsync(string key, string label, CancellationToken cancellation) => SendAsync(
        HttpMethod.Put, $"issue/{key}",
        new JsonObject { ["update"] = new JsonObject { ["labels"] = new JsonArray(new JsonObject { ["add"] = label }) } }, cancellation);

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
        if (answer.Length == 0) return default;
        using var document = JsonDocument.Parse(answer);
        return document.RootElement.Clone();
    }
}
