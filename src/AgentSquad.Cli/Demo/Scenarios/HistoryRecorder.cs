using System.Text.Json;
using System.Text.Json.Nodes;
using AgentSquad.Cli.LocalSystem;

namespace AgentSquad.Cli.Demo.Scenarios;

/// <summary>
/// Writes the histories of ended runs, as the management endpoint shows them, into files that a test replays against the orchestrators of
/// later versions. Of the machine that recorded them nothing remains in them.
/// </summary>
/// <param name="site">Where the runs are.</param>
/// <param name="masterKey">The host's master key.</param>
/// <param name="folder">Where the files go; those that are there are replaced.</param>
internal sealed class HistoryRecorder(ScenarioSite site, string masterKey, string folder)
{
    private const string ExampleSite = "https://acme.example";
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private static readonly string[] Final = ["Completed", "Failed", "Terminated"];
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true, IndentSize = 1 };

    /// <summary>Writes <c>scenario.json</c>, or <c>scenario.name.json</c>, once the run has ended.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="ticket">Key of its ticket.</param>
    /// <param name="client">The function app.</param>
    /// <param name="name">Tells a recording from others of the same scenario; null for the last.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task SaveAsync(Scenario scenario, string ticket, FunctionAppClient client, string? name, CancellationToken cancellation)
    {
        while (await client.FindAsync(ticket, cancellation) is not { HasEnded: true }) await Task.Delay(Interval, cancellation);
        var run = await client.FindAsync(ticket, cancellation);
        var history = await ReadAsync(run!.InstanceId, cancellation);
        await WriteAsync(name is null ? scenario.Name : $"{scenario.Name}.{name}", history, cancellation);
        if (name is null && scenario.RecordsTask && LongestTask(history) is { } task)
        {
            await WriteAsync($"{scenario.Name}.task", await ReadAsync(task, cancellation), cancellation);
        }
    }

    private static string? LongestTask(JsonObject history) => history["historyEvents"]!.AsArray()
        .Where(item => (string?)item!["EventType"] == "SubOrchestrationInstanceCompleted")
        .OrderByDescending(item => (int?)item!["Result"]?["Rounds"] ?? 0)
        .Select(item => (string?)item!["InstanceId"])
        .FirstOrDefault();

    private async Task<JsonObject> ReadAsync(string instanceId, CancellationToken cancellation)
    {
        while (true)
        {
            var path = $"/runtime/webhooks/durabletask/instances/{Uri.EscapeDataString(instanceId)}?showInput=true&showHistory=true&showHistoryOutput=true";
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(site.FunctionApp + path));
            request.Headers.Add("x-functions-key", masterKey);
            using var response = await site.Http.SendAsync(request, cancellation);
            response.EnsureSuccessStatusCode();
            var instance = JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellation))!.AsObject();
            if (Final.Contains((string?)instance["runtimeStatus"])) return instance;
            await Task.Delay(Interval, cancellation);
        }
    }

    private async Task WriteAsync(string name, JsonObject instance, CancellationToken cancellation)
    {
        var recording = new JsonObject { ["scenario"] = name };
        foreach (var property in (string[])["name", "instanceId", "runtimeStatus", "output", "historyEvents"]) recording[property] = instance[property]?.DeepClone();

        // A failure's details hold a stack trace, and with it the paths of the machine that built the app.
        foreach (var item in recording["historyEvents"]!.AsArray().OfType<JsonObject>())
        {
            if ((string?)item["Details"] is { } details) item["Details"] = details.Split('\n')[0];
        }

        Directory.CreateDirectory(folder);
        var text = recording.ToJsonString(Format).Replace(site.Sandbox, ExampleSite, StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(folder, name + ".json"), text + "\n", cancellation);
    }
}
