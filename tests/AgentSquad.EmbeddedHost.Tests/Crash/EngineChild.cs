using System.Globalization;
using AgentSquad.EmbeddedHost.Orchestration.Hub;
using AgentSquad.EmbeddedHost.TaskHub;
using AgentSquad.EmbeddedHost.TaskHub.Storage;
using AgentSquad.EmbeddedHost.Tests.Orchestration;
using AgentSquad.EmbeddedHost.Tests.Orchestration.Crashes;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentSquad.EmbeddedHost.Tests.Crash;

/// <summary>
/// A process that owns a hub, starts generated workflows and runs them until it is killed. It prints <c>open</c> when it owns the hub,
/// <c>ack WHAT</c> for everything that was acknowledged to it, and <c>done</c> when every workflow has ended.
/// </summary>
internal static class EngineChild
{
    /// <summary>The workflows of a seed, by instance id.</summary>
    public static Dictionary<string, Orchestration.Program> Programs(int seed) =>
        Enumerable.Range(0, 10).ToDictionary(i => $"w{i}", i => new ProgramGenerator((seed * 1000) + i).Next());

    /// <summary>Settings under which everything that happens rarely happens all the time.</summary>
    public static TaskHubEngineOptions Options => FaultyHub.Eager;

    /// <summary>An engine on a hub, with its stores.</summary>
    public static (TaskHubEngine Engine, TaskHubStores Stores) Open(string storage, string hub)
    {
        var log = new CommitLogOptions { StandbyPoll = TimeSpan.FromMilliseconds(50), MaxSegmentBlocks = 20 };
        var stores = new TaskHubStores(StorageAccount.FromConnectionString(storage), hub, log, NullLoggerFactory.Instance);
        return (new TaskHubEngine(stores.Log, stores.Payloads, RandomWorkflowFunctions.Create(), Options, NullLoggerFactory.Instance), stores);
    }

    public static async Task<int> RunAsync(string[] args)
    {
        var (engine, stores) = Open(args[0], args[1]);
        using var closing = stores;
        await using var stopping = engine;
        await engine.StartAsync(CancellationToken.None);
        LogChild.Say("open");
        await WorkAsync(engine.CreateClient("child"), int.Parse(args[2], CultureInfo.InvariantCulture), LogChild.Say);
        LogChild.Say("done");
        return 0;
    }

    /// <summary>Starts the workflows of a seed that are not there yet, raises their events, and waits for their ends.</summary>
    public static Task WorkAsync(DurableTaskClient client, int seed, Action<string>? say = null) =>
        Task.WhenAll(Programs(seed).Select(pair => RunAsync(client, pair.Key, pair.Value, say ?? (_ => { }))));

    private static async Task RunAsync(DurableTaskClient client, string id, Orchestration.Program program, Action<string> say)
    {
        if (await client.GetInstanceAsync(id) is null)
        {
            await client.ScheduleNewOrchestrationInstanceAsync("Run", program, new StartOrchestrationOptions(id));
            say($"ack start {id}");
        }

        foreach (var listen in program.Listens)
        {
            try
            {
                await client.RaiseEventAsync(id, listen.Event, listen.Payload);
                say($"ack event {id} {listen.Event}");
            }
            catch (InvalidOperationException)
            {
                // Raised by an earlier process, and the instance has ended since.
            }
        }

        await client.WaitForInstanceCompletionAsync(id);
        say($"ack end {id}");
    }
}
