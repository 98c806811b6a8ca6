using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using AgentSquad.EmbeddedHost.Orchestration.Hub;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace AgentSquad.EmbeddedHost.Tests.Orchestration.Crashes;

/// <summary>
/// Work that uses everything an engine stores, done by a client that tries again until it is answered. It remembers what was acknowledged and
/// what was seen, and can judge a hub by that.
/// </summary>
internal sealed class EngineWorkload(Func<TaskHubEngine> current)
{
    private static readonly string Large = new('x', 1000);

    private readonly List<int> _acknowledgedEvents = [];
    private readonly ConcurrentDictionary<string, (string ExecutionId, List<string> History)> _seen = new();
    private readonly HashSet<string> _started = [];
    private readonly HashSet<string> _purged = [];
    private int _events;

    /// <summary>Told of everything that was acknowledged.</summary>
    public Action<string> Say { get; init; } = _ => { };

    /// <summary>The functions that the work is made of.</summary>
    public static TestFunctions Functions() => new TestFunctions()
        .Orchestrator("Whole", async context =>
        {
            var round = context.GetInput<int>();
            var first = await context.CallActivityAsync<string>("Echo", "a");
            var fan = await Task.WhenAll(Enumerable.Range(0, 3).Select(i => context.CallActivityAsync<string>("Echo", $"{i}")));
            await context.CreateTimer(TimeSpan.FromMilliseconds(1), CancellationToken.None);
            context.SetCustomStatus($"round {round}");
            var child = await context.CallSubOrchestratorAsync<string>("Child", Large);
            if (round == 0)
            {
                context.ContinueAsNew(1);
                return null;
            }

            var go = await context.WaitForExternalEvent<string>("Go");
            return $"{first}{string.Concat(fan)}{child.Length}{go}";
        })
        .Orchestrator("Child", async context => await context.CallActivityAsync<string>("Echo", context.GetInput<string>()))
        .Orchestrator("Quick", async context => await context.CallActivityAsync<string>("Echo", context.GetInput<string>()))
        .Orchestrator("Waits", async context => await context.WaitForExternalEvent<int>("Wake"))
        .Orchestrator("Listens", async context =>
        {
            List<int> heard = [];
            while (heard.LastOrDefault() >= 0) heard.Add(await context.WaitForExternalEvent<int>("E"));
            return heard;
        })
        .Activity("Echo", input => JsonSerializer.Deserialize<string>(input!));

    /// <summary>Does the work.</summary>
    public async Task RunAsync()
    {
        await StartAsync("Waits", "waits", null);
        await StartAsync("Listens", "listens", null);
        await StartAsync("Whole", "whole", 0);
        if (!_purged.Contains("gone")) await StartAsync("Quick", "gone", Large);
        for (var i = 0; i < 3; i++) await RaiseNumberAsync();
        await SeeAsync("waits", "listens", "whole");
        foreach (var id in (string[])["gone", "gone-too"])
        {
            if (_purged.Contains(id)) continue;
            await StartAsync("Quick", id, Large);
            await PurgeAsync(id);
        }

        // Everything waits and has left memory.
        await UntilAsync(engine => engine.AwakeCount == 0);
        Say("passivated");
        await RaiseNumberAsync();
        await RaiseAsync("whole", "Go", "!");
        await EndAsync("whole");
        await SeeAsync("whole", "listens");
        await RaiseAsync("waits", "Wake", 7);
        await EndAsync("waits");
        await RaiseAsync("listens", "E", -1);
        await EndAsync("listens");
        await UntilAsync(engine => engine.GarbageCount == 0);
        await SeeAsync("waits", "listens", "whole");
    }

    /// <summary>Takes over what another process said before it died.</summary>
    public void Remember(IEnumerable<string> lines)
    {
        foreach (var words in lines.Select(line => line.Split(' ', line.StartsWith("seen", StringComparison.Ordinal) ? 4 : 3)))
        {
            switch (words)
            {
                case ["ack", "event", var number]:
                    _acknowledgedEvents.Add(int.Parse(number, CultureInfo.InvariantCulture));
                    break;
                case ["ack", "start" or "end", var id]:
                    _started.Add(id);
                    break;
                case ["ack", "purge", var id]:
                    _purged.Add(id);
                    break;
                case ["try", "purge", var id]:
                    _started.Remove(id);
                    _seen.TryRemove(id, out _);
                    break;
                case ["seen", var id, var executionId, var history]:
                    _seen[id] = (executionId, JsonSerializer.Deserialize<List<string>>(history)!);
                    break;
                default:
                    break;
            }
        }

        // Whatever number was on its way is not used again.
        _events = _acknowledgedEvents.LastOrDefault() + 1000;
    }

    /// <summary>Judges what a dead process has left against what it said.</summary>
    public async Task JudgeLegacyAsync(TaskHubEngine engine)
    {
        var client = engine.CreateClient("judge");
        foreach (var id in _started) Assert.True(await client.GetInstanceAsync(id) is not null, $"the start of {id} was acknowledged and is missing");
        foreach (var id in _purged) Assert.Null(await client.GetInstanceAsync(id));
        await JudgeSeenAsync(engine);
    }

    /// <summary>What an engine says of the instances, for a failing case.</summary>
    public static async Task<string> DescribeAsync(TaskHubEngine engine)
    {
        if (engine.State != TaskHubEngineState.Active) return $"{engine.State}";
        var lines = new List<string> { "Active" };
        await foreach (var state in engine.CreateClient("describe").GetAllInstancesAsync())
        {
            var history = await engine.GetHistoryAsync(state.InstanceId, CancellationToken.None) ?? [];
            lines.Add($"{state.InstanceId} {state.RuntimeStatus}\n    {string.Join("\n    ", history.Select(HistoryRules.Describe))}");
        }

        return string.Join("\n  ", lines);
    }

    /// <summary>Judges what an engine has made of the hub when the work is done.</summary>
    public async Task JudgeAsync(TaskHubEngine engine)
    {
        var client = engine.CreateClient("judge");
        await JudgeSeenAsync(engine);
        Assert.Equal("a0121000!", await OutputAsync<string>("whole"));
        Assert.Equal(7, await OutputAsync<int>("waits"));
        var heard = await OutputAsync<List<int>>("listens");
        Assert.Equal(heard!.Distinct(), heard);
        foreach (var number in _acknowledgedEvents) Assert.True(heard!.Contains(number), $"event {number} was acknowledged and is missing");
        foreach (var id in _purged) Assert.Null(await client.GetInstanceAsync(id));

        var ids = await client.GetAllInstancesAsync().Select(state => state.InstanceId).ToListAsync();
        Assert.Equal(ids.Distinct(), ids);
        Assert.All(ids, id => Assert.True(id is "whole" or "waits" or "listens" || id.Length == 32 || id.Contains(':', StringComparison.Ordinal), id));

        async Task<T?> OutputAsync<T>(string id)
        {
            var end = await client.GetInstanceAsync(id, getInputsAndOutputs: true);
            Assert.True(end is { RuntimeStatus: OrchestrationRuntimeStatus.Completed }, $"{id}: {end}");
            return end.ReadOutputAs<T>();
        }
    }

    /// <summary>Judges every history against what was seen of it.</summary>
    public async Task JudgeSeenAsync(TaskHubEngine engine)
    {
        foreach (var (id, (executionId, seen)) in _seen)
        {
            var row = await engine.GetSnapshotAsync(id, CancellationToken.None);
            Assert.True(row is not null, $"{id} is gone");
            var now = await engine.GetHistoryAsync(id, CancellationToken.None);
            HistoryRules.Judge(id, now!);
            if (row.ExecutionId == executionId) HistoryRules.JudgeContinuation(id, seen, now!);
        }
    }

    // With all that has ended, so that an archive becomes empty.
    private async Task PurgeAsync(string id)
    {
        await EndAsync(id);
        await UntilAsync(engine => engine.IsArchived(id));
        await SeeAsync(id);

        // From here on it may be gone, whether that is acknowledged or not.
        _seen.TryRemove(id, out _);
        Say($"try purge {id}");
        await PersistAsync(client => client.PurgeAllInstancesAsync(new PurgeInstancesFilter(Statuses: [OrchestrationRuntimeStatus.Completed])));
        _purged.Add(id);
        Say($"ack purge {id}");
        await UntilAsync(engine => engine.GarbageCount == 0);
    }

    private Task StartAsync(string name, string id, object? input) => PersistAsync(async client =>
    {
        if (await client.GetInstanceAsync(id) is null) await client.ScheduleNewOrchestrationInstanceAsync(name, input, new StartOrchestrationOptions(id));
        Acknowledge($"start {id}");
    });

    // A number is used once: what was not acknowledged may have arrived for all that.
    private Task RaiseNumberAsync() => PersistAsync(async client =>
    {
        if (await client.GetInstanceAsync("listens") is { IsCompleted: true }) return;
        var number = Interlocked.Increment(ref _events);
        await client.RaiseEventAsync("listens", "E", number);
        lock (_acknowledgedEvents) _acknowledgedEvents.Add(number);
        Acknowledge(string.Create(CultureInfo.InvariantCulture, $"event {number}"));
    });

    private Task RaiseAsync(string id, string name, object payload) => PersistAsync(async client =>
    {
        if (await client.GetInstanceAsync(id) is { IsCompleted: true }) return;
        await client.RaiseEventAsync(id, name, payload);
        Acknowledge($"raise {id}");
    });

    private Task EndAsync(string id) => PersistAsync(async client =>
    {
        await client.WaitForInstanceCompletionAsync(id).WaitAsync(EngineHarness.Limit);
        Acknowledge($"end {id}");
    });

    private void Acknowledge(string what) => Say($"ack {what}");

    private Task SeeAsync(params string[] ids) => PersistAsync(async _ =>
    {
        var engine = current();
        foreach (var id in ids)
        {
            var before = await engine.GetSnapshotAsync(id, CancellationToken.None);
            var history = await engine.GetHistoryAsync(id, CancellationToken.None);
            var after = await engine.GetSnapshotAsync(id, CancellationToken.None);
            if (before?.ExecutionId != after?.ExecutionId || history is null) continue;
            HistoryRules.Judge(id, history);
            _seen[id] = (after!.ExecutionId, [.. history.Select(HistoryRules.Describe)]);
            Say($"seen {id} {after.ExecutionId} {JsonSerializer.Serialize(_seen[id].History)}");
        }
    });

    private Task UntilAsync(Func<TaskHubEngine, bool> condition) => PersistAsync(async _ =>
    {
        using var limit = new CancellationTokenSource(EngineHarness.Limit);
        while (!condition(current()))
        {
            current().RequireActive();
            await Task.Delay(2, limit.Token);
        }
    });

    // As a client does that knows of crashes: tries again until it has an acknowledgement.
    private async Task PersistAsync(Func<DurableTaskClient, Task> action)
    {
        using var limit = new CancellationTokenSource(EngineHarness.Limit);
        while (true)
        {
            try
            {
                await action(current().CreateClient("worker"));
                return;
            }
            catch (Exception failure) when (failure is TaskHubUnavailableException or EmbeddedHost.TaskHub.Storage.HubStorageException or InvalidOperationException
                                                or OperationCanceledException or ObjectDisposedException)
            {
                if (limit.IsCancellationRequested) throw;
                await Task.Delay(2, CancellationToken.None);
            }
        }
    }
}
