using System.Diagnostics;
using AgentSquad.EmbeddedHost.TaskHub.Storage;
using Microsoft.DurableTask;

namespace AgentSquad.Bench.Engine;

/// <summary>Instances that wait: what one costs in memory, and how soon a new process has them all.</summary>
internal static class WaitingPart
{
    public static async Task<(double BytesPerInstance, double RestartSeconds)> RunAsync(
        StorageAccount account, EngineBenchSettings settings, CancellationToken cancellation)
    {
        EngineBench.Say($"{settings.Waiting} waiting instances");
        double bytes;
        await using (var hub = await BenchHub.StartAsync(account, "BenchWaiting", new BenchFunctions(), cancellation))
        {
            var empty = GC.GetTotalMemory(forceFullCollection: true);
            var ids = Enumerable.Range(0, settings.Waiting).Select(i => $"wait-{i}").ToList();
            await Task.WhenAll(ids.Select(id => hub.Client.ScheduleNewOrchestrationInstanceAsync(
                BenchFunctions.Waiter, null, new StartOrchestrationOptions(id), cancellation)));
            await Task.WhenAll(ids.Select(id => hub.Client.WaitForInstanceStartAsync(id, cancellation)));
            await hub.Table.FlushAsync(cancellation);

            // Passivation is what a waiting ticket lives in; it comes after a second here.
            while (hub.Engine.AwakeCount > 0) await Task.Delay(TimeSpan.FromMilliseconds(100), cancellation);
            bytes = (GC.GetTotalMemory(forceFullCollection: true) - empty) / (double)settings.Waiting;
        }

        EngineBench.Say("restart");
        var watch = Stopwatch.StartNew();
        await using var again = await BenchHub.StartAsync(account, "BenchWaiting", new BenchFunctions(), cancellation);
        await again.Client.RaiseEventAsync("wait-0", BenchFunctions.Event, "go", cancellation);
        await again.Client.WaitForInstanceCompletionAsync("wait-0", cancellation);
        return (bytes, watch.Elapsed.TotalSeconds);
    }
}
