using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using AgentSquad.JiraSandbox.Rest;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace AgentSquad.JiraSandbox.Tests.Support;

/// <summary>A sandbox of one's own on a free port, with clients for its two accounts and for nobody.</summary>
internal sealed class Sandbox : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Sandbox(WebApplication app, string url)
    {
        _app = app;
        Url = url;
        Reporter = Client("rita@example.invalid", "rita-token");
        Bot = Client("agentsquad@example.invalid", "agentsquad-token");
        Nobody = new HttpClient { BaseAddress = new Uri(url) };
    }

    public string Url { get; }

    public HttpClient Reporter { get; }

    public HttpClient Bot { get; }

    public HttpClient Nobody { get; }

    public IServiceProvider Services => _app.Services;

    public static async Task<Sandbox> StartAsync(params (string Name, string? Value)[] settings)
    {
        var all = settings.ToDictionary(setting => setting.Name.Replace("__", ":", StringComparison.Ordinal), setting => setting.Value);
        var app = SandboxApplication.Build(["--port", "0"], all);
        await app.StartAsync();
        return new Sandbox(app, app.Services.GetRequiredService<SiteAddress>().BoundUrl);
    }

    public HttpClient Client(string user, string password)
    {
        var client = new HttpClient { BaseAddress = new Uri(Url) };
        client.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
        return client;
    }

    /// <summary>Creates a ticket as the reporter and answers its key.</summary>
    public async Task<string> CreateAsync(string summary = "Reset the password", params string[] labels)
    {
        var answer = await Reporter.SendJsonAsync(HttpMethod.Post, "/rest/api/3/issue", new JsonObject
        {
            ["fields"] = new JsonObject
            {
                ["project"] = new JsonObject { ["key"] = "TEST" },
                ["issuetype"] = new JsonObject { ["name"] = "Task" },
                ["summary"] = summary,
                ["labels"] = new JsonArray([.. labels.Select(label => JsonValue.Create(label))]),
                ["description"] = Adf.Doc("As a user I want to reset my password."),
            },
        });
        Assert.Equal(201, answer.Status);
        return answer.Json["key"]!.GetValue<string>();
    }

    public async ValueTask DisposeAsync()
    {
        Reporter.Dispose();
        Bot.Dispose();
        Nobody.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}

/// <summary>An answer, read to its end.</summary>
internal sealed record Answer(int Status, string Body, HttpResponseHeaders Headers)
{
    public JsonNode Json => JsonNode.Parse(Body) ?? throw new InvalidOperationException("The answer has no JSON body.");
}

internal static class HttpClientJson
{
    public static async Task<Answer> SendJsonAsync(this HttpClient client, HttpMethod method, string path, JsonNode? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var response = await client.SendAsync(request);
        return new Answer((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers);
    }

    public static Task<Answer> ReadAsync(this HttpClient client, string path) => client.SendJsonAsync(HttpMethod.Get, path);
}

/// <summary>Small ADF documents.</summary>
internal static class Adf
{
    public static JsonObject Doc(params string[] paragraphs) => new()
    {
        ["type"] = "doc",
        ["version"] = 1,
        ["content"] = new JsonArray([.. paragraphs.Select(text => new JsonObject
        {
            ["type"] = "paragraph",
            ["content"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = text }),
        })]),
    };

    public static JsonObject Comment(string text) => new() { ["body"] = Doc(text) };
}
