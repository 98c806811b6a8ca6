using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentSquad.Cli.Demo;
using AgentSquad.Cli.LocalSystem;

namespace AgentSquad.Bench.World;

/// <summary>The person who writes tickets and answers, past the proxy: what goes wrong with people is not what is looked at here.</summary>
internal sealed class Reporter(LocalWorld world)
{
    private readonly SandboxTickets _tickets = new(world.Http, world.SandboxUrl, SandboxAccount.Reporter);

    /// <summary>Creates a ticket with the trigger label; returns its key.</summary>
    public Task<string> CreateAsync(TicketFile ticket) => _tickets.CreateAsync(ticket, "agentsquad", default);

    /// <summary>The squad's comments on a ticket, oldest first.</summary>
    public Task<IReadOnlyList<DemoComment>> CommentsAsync(string key) => _tickets.GetSquadCommentsAsync(key, default);

    /// <summary>Writes a comment.</summary>
    public Task CommentAsync(string key, string text) => SendAsync(HttpMethod.Post, $"2/issue/{key}/comment", new JsonObject { ["body"] = text });

    /// <summary>A ticket with everything that Jira knows about it.</summary>
    public Task<JsonElement> ReadAsync(string key) => SendAsync(HttpMethod.Get, $"3/issue/{key}?fields=*all&expand=changelog", null);

    /// <summary>All comments of a ticket, with their properties.</summary>
    public Task<JsonElement> RawCommentsAsync(string key) => SendAsync(HttpMethod.Get, $"3/issue/{key}/comment?expand=properties&orderBy=created&maxResults=1000", null);

    /// <summary>What an attachment holds.</summary>
    public Task<byte[]> AttachmentAsync(string id) => BytesAsync(HttpMethod.Get, $"3/attachment/content/{id}?redirect=false", null);

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, JsonObject? body)
    {
        using var document = JsonDocument.Parse(await BytesAsync(method, path, body));
        return document.RootElement.Clone();
    }

    private async Task<byte[]> BytesAsync(HttpMethod method, string path, JsonObject? body)
    {
        using var request = new HttpRequestMessage(method, new Uri($"{world.SandboxUrl}/rest/api/{path}"));
        var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{SandboxAccount.Reporter.Email}:{SandboxAccount.Reporter.ApiToken}"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", credentials);
        if (body is not null) request.Content = JsonContent.Create(body);
        using var response = await world.Http.SendAsync(request);
        if (response.IsSuccessStatusCode) return await response.Content.ReadAsByteArrayAsync();
        throw new InvalidOperationException($"The sandbox refused {method} {path}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
    }
}
