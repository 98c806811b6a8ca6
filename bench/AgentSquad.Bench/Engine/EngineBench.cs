using System.Diagnostics;
using System.Text.Json;
using AgentSquad.EmbeddedHost.TaskHub.Storage;
using AgentSquad.TestSupport;
using Microsoft.DurableTask;

namespace AgentSquad.Bench.Engine;

/// <summary>Measures the engine and, in the same run, the store below it.</summary>
internal static class EngineBench
{
    private const int IdleRuns = 200;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static async Task<int> RunAsync(EngineBenchSettings settings, bool json, CancellationToken cancellation)
    {
        await using var azurite = await AzuriteProcess.StartAsync();
        var account = StorageAccount.FromConnectionString(azurite.ConnectionString);
        Say("raw table inserts and appends");
        var inserts = await RawStore.TableInsertsPerSecondAsync(account, cancellation);
        var appends = await RawStore.AppendsPerSecondAsync(account, cancellation);
        var load = await LoadAsync(account, settings, cancellation);
        var (bytes, restart) = await WaitingAsync(account, settings, cancellation);
        var result = new EngineBenchResult
        {
            TableInsertsPerSecond = Round(inserts),
            AppendsPerSecond = Round(appends),
            OrchestrationsPerSecond = Round(load.PerSecond),
            SustainedOrchestrationsPerSecond = Round(load.Sustained),
            ReadModelLagSeconds = Round(load.Lag),
            IdleMedianMs = Round(load.IdleMedian),
            IdleP95Ms = Round(load.IdleP95),
            StorageRequestsPerOrchestration = Round(load.Requests),
            BytesPerWaitingInstance = Round(bytes),
            RestartSeconds = Round(restart),
            Settings = settings,
        };
        foreach (var property in JsonSerializer.SerializeToElement(result, Json).EnumerateObject())
        {
            await Console.Error.WriteLineAsync($"{property.Name,-34} {property.Value}");
        }

        if (json) await Console.Out.WriteLineAsync(JsonSerializer.Serialize(result, Json));
        return 0;
    }

    private static async Task<(double PerSecond, double Sustained, double Lag, double IdleMedian, double IdleP95, double Requests)> LoadAsync(
        StorageAccount account, EngineBenchSettings settings, CancellationToken cancellation)
    {
        using var requests = new StorageRequests();
        await using var hub = await BenchHub.StartAsync(account, "BenchLoad", new BenchFunctions(settings.Activities), cancellation);
        Say("warm-up");
        await RunManyAsync(hub, "warm", Math.Min(200, settings.Orchestrations), cancellation);
        await hub.Table.FlushAsync(cancellation);

        Say($"one orchestration at a time, {IdleRuns} times");
        var idle = new List<double>(IdleRuns);
        for (var i = 0; i < IdleRuns; i++)
        {
            var one = Stopwatch.StartNew();
            await RunManyAsync(hub, $"idle{i}", 1, cancellation);
            idle.Add(one.Elapsed.TotalMilliseconds);
        }

        idle.Sort();
        await hub.Table.FlushAsync(cancellation);

        Say($"{settings.Orchestrations} orchestrations of {settings.Activities} activities at once");
        var before = requests.Count;
        var watch = Stopwatch.StartNew();
        await RunManyAsync(hub, "load", settings.Orchestrations, cancellation);
        var committed = watch.Elapsed.TotalSeconds;
        var lag = hub.Table.Lag.TotalSeconds;
        await hub.Table.FlushAsync(cancellation);
        var written = watch.Elapsed.TotalSeconds;
        return (settings.Orchestrations / committed, settings.Orchestrations / written, lag, idle[IdleRuns / 2], idle[IdleRuns * 95 / 100],
            (requests.Count - before) / (double)settings.Orchestrations);
    }

    private static async Task<(double BytesPerInstance, double RestartSeconds)> WaitingAsync(
        StorageAccount account, EngineBenchSettings settings, CancellationToken cancellation)
    {
        Say($"{settings.Waiting} waiting instances");
        var functions = new BenchFunctions(settings.Activities);
        double bytes;
        await using (var hub = await BenchHub.StartAsync(account, "BenchWaiting", functions, cancellation))
        {
            var empty = GC.GetTotalMemory(forceFullCollection: true);
            var ids = Enumerable.Range(0, settings.Waiting).Select(i => $"wait-{i}").ToList();
            await Task.WhenAll(ids.Select(id => hub.Client.ScheduleNewOrchestrationInstanceAsync(
                BenchFunctions.Waiter, null, new StartOrchestrationOptions(id), cancellation)));
            await Task.WhenAll(ids.Select(id => hub.Client.WaitForInstanceStartAsync(id, cancellation)));
            await hub.Table.FlushAsync(cancellation);

            // Passivation is what a waiting ticket lives in; it comes after a second here.
            await Task.Delay(TimeSpan.FromSeconds(5), cancellation);
            bytes = (GC.GetTotalMemory(forceFullCollection: true) - empty) / (double)settings.Waiting;
        }

        Say("restart");
        var watch = Stopwatch.StartNew();
        await using var again = await BenchHub.StartAsync(account, "BenchWaiting", functions, cancellation);
        await again.Client.RaiseEventAsync("wait-0", BenchFunctions.Event, "go", cancellation);
        await again.Client.WaitForInstanceCompletionAsync("wait-0", cancellation);
        return (bytes, watch.Elapsed.TotalSeconds);
    }

    private static async Task RunManyAsync(BenchHub hub, string prefix, int count, CancellationToken cancellation) =>
        await Task.WhenAll(Enumerable.Range(0, count).Select(async i =>
        {
            var id = $"{prefix}-{i}";
            await hub.Client.ScheduleNewOrchestrationInstanceAsync(
                BenchFunctions.Sequence, null, new StartOrchestrationOptions(id), cancellation);
            await hub.Client.WaitForInstanceCompletionAsync(id, cancellation);
        }));

    private static void Say(string what) => Console.Error.WriteLine($"... {what}");

    private static double Round(double figure) => Math.Round(figure, 3);
}
