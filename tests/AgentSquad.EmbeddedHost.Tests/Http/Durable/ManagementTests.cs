using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AgentSquad.EmbeddedHost.Tests.Functions;
using Microsoft.Extensions.DependencyInjection;

namespace AgentSquad.EmbeddedHost.Tests.Http.Durable;

/// <summary>A host with <see cref="DurableFunctions"/> on real Azurite for each test, and its management endpoints.</summary>
public abstract class ManagementTests : IAsyncLifetime
{
    private protected const string Root = "/runtime/webhooks/durabletask";

    private protected Signals Signals { get; } = new();

    private protected RunningApp App { get; private set; } = null!;

    /// <summary>The key of the endpoints, as a query parameter.</summary>
    private protected string Code => $"code={Uri.EscapeDataString(App.Keys.SystemKeys["durabletask_extension"])}";

    public async Task InitializeAsync()
    {
        App = await RunningApp.StartAsync(
            [typeof(DurableFunctions)],
            builder => builder.Services.AddSingleton(Signals),
            new Dictionary<string, string?>
            {
                ["AzureWebJobsStorage"] = await SharedAzurite.ConnectionStringAsync(),
                ["AzureFunctionsJobHost:extensions:durableTask:hubName"] = SharedAzurite.NewHubName(),
            });
        await App.WhenActiveAsync();
    }

    public async Task DisposeAsync() => await App.DisposeAsync();

    private protected static Task<JsonElement> BodyAsync(HttpResponseMessage response) => response.Content.ReadFromJsonAsync<JsonElement>();

    private protected Task<HttpResponseMessage> PostAsync(string path, string? content, string type = "application/json")
        => App.Http.PostAsync(
            $"{Root}{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{Code}", content is null ? null : new StringContent(content, Encoding.UTF8, type));

    /// <summary>Starts an instance and returns where to ask for it.</summary>
    private protected async Task<string> StartAsync(string name, string? input, string? id = null)
    {
        var started = await PostAsync(id is null ? $"/orchestrators/{name}" : $"/orchestrators/{name}/{id}", input);
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        return started.Headers.Location!.ToString();
    }

    private protected async Task<JsonElement[]> ListAsync(string query)
        => [.. (await App.Http.GetFromJsonAsync<JsonElement>($"{Root}/instances?{Code}&{query}")).EnumerateArray()];

    /// <summary>What the status says once the instance has ended, which is answered 200.</summary>
    private protected async Task<JsonElement> EndedAsync(string location)
    {
        var (status, body) = await PollAsync(location, (status, _) => status != HttpStatusCode.Accepted);
        Assert.Equal(HttpStatusCode.OK, status);
        return body;
    }

    private protected async Task<JsonElement> UntilAsync(string location, string runtimeStatus)
        => (await PollAsync(location, (_, body) => body.GetProperty("runtimeStatus").GetString() == runtimeStatus)).Body;

    // Polling is what these endpoints are made for.
    private async Task<(HttpStatusCode Status, JsonElement Body)> PollAsync(string location, Func<HttpStatusCode, JsonElement, bool> isDone)
    {
        using var patience = new CancellationTokenSource(RunningApp.Patience);
        while (true)
        {
            var response = await App.Http.GetAsync(location, patience.Token);
            var body = await response.Content.ReadFromJsonAsync<JsonElement>(patience.Token);
            if (isDone(response.StatusCode, body)) return (response.StatusCode, body);
            await Task.Delay(20, patience.Token);
        }
    }
}
