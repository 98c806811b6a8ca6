using System.Net.Http.Json;
using System.Text.Json;
using AgentSquad.Bench.World;

namespace AgentSquad.Bench.Cost;

/// <summary>What the orchestrations of one ticket have done, by their histories.</summary>
/// <param name="Activities">How often each activity ended, by name.</param>
/// <param name="Messages">What woke the orchestrators: their start, results, timers, events.</param>
internal sealed record RunHistory(IReadOnlyDictionary<string, int> Activities, int Messages)
{
    private static readonly string[] Results = ["TaskCompleted", "TaskFailed"];

    private static readonly string[] Waking =
        [.. Results, "ExecutionStarted", "TimerFired", "EventRaised", "SubOrchestrationInstanceCompleted", "SubOrchestrationInstanceFailed"];

    /// <summary>Reads the run of a ticket and those of its tasks.</summary>
    public static async Task<RunHistory> ReadAsync(LocalWorld world, string instanceId, CancellationToken cancellation)
    {
        var events = new List<JsonElement>();
        foreach (var id in new[] { instanceId }.Concat(await TasksAsync(world, instanceId, cancellation)))
        {
            var status = await GetAsync(world, $"instances/{id}?showHistory=true", cancellation);
            events.AddRange(status.GetProperty("historyEvents").EnumerateArray());
        }

        return new RunHistory(
            events.Where(each => Results.Contains(Type(each))).CountBy(each => each.GetProperty("FunctionName").GetString()!).ToDictionary(),
            events.Count(each => Waking.Contains(Type(each))));
    }

    private static async Task<IEnumerable<string>> TasksAsync(LocalWorld world, string instanceId, CancellationToken cancellation) =>
        (await GetAsync(world, $"instances?instanceIdPrefix=task-{instanceId}-&top=1000", cancellation))
            .EnumerateArray().Select(each => each.GetProperty("instanceId").GetString()!).ToList();

    private static async Task<JsonElement> GetAsync(LocalWorld world, string path, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"{world.AppUrl}/runtime/webhooks/durabletask/{path}"));
        request.Headers.Add("x-functions-key", world.Secrets["master key"]);
        using var response = await world.Http.SendAsync(request, cancellation);
        return await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(cancellation);
    }

    private static string? Type(JsonElement each) => each.GetProperty("EventType").GetString();
}
