using System.Collections.Concurrent;
using AgentSquad.EmbeddedHost.Orchestration.Hub;
using AgentSquad.EmbeddedHost.TaskHub;
using AgentSquad.EmbeddedHost.Tests.TaskHub;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentSquad.EmbeddedHost.Tests.Orchestration.Crashes;

/// <summary>
/// A whole hub whose every request, to log, checkpoints, payloads, archive and table, is counted and can fail or kill its process. What is stored
/// outlives the processes.
/// </summary>
internal sealed class FaultyHub(TestFunctions functions, TaskHubEngineOptions? options = null) : IAsyncDisposable
{
    /// <summary>Everything that happens rarely happens all the time.</summary>
    public static readonly TaskHubEngineOptions Eager = new()
    {
        ArchiveAfter = TimeSpan.Zero,
        CheckpointBytes = 2000,
        PassivateAfter = TimeSpan.Zero,
        LargePayloadBytes = 300,
        MaintainEvery = TimeSpan.FromMilliseconds(20),
        TidyAfter = TimeSpan.Zero,
    };

    private static readonly CommitLogOptions SmallLog = new()
    {
        MaxSegmentBlocks = 6,
        CheckpointRollOverBytes = 512,
        StandbyPoll = TimeSpan.FromMilliseconds(5),
        LeaseDuration = TimeSpan.FromSeconds(1),
        RenewEvery = TimeSpan.FromMilliseconds(300),
        OutageLimit = TimeSpan.FromSeconds(20),
    };

    private readonly List<EngineProcess> _processes = [];

    public MemoryStorage Log { get; } = new();

    public MemoryStorage Payloads { get; } = new();

    public ConcurrentDictionary<string, OrchestrationRuntimeStatus> Table { get; } = new();

    /// <summary>A process that will work on the hub.</summary>
    public EngineProcess NewProcess(Func<StorageCall, Fault> decide)
    {
        // Others take it for dead although it lives: so they need not wait for its lease, and two come to be alive at once.
        var small = SmallLog with { Owner = OwnerIdentity.Current() with { ProcessId = int.MaxValue } };
        var faults = new StorageFaults(decide);
        var log = new CrashableLog(
            new CommitLog(new FaultySegments(Log, faults), new FaultyBlobs(Log, faults), small, NullLogger<CommitLog>.Instance), small.Owner);
        var engine = new TaskHubEngine(
            log, new BlobPayloadStore(new FaultyBlobs(Payloads, faults)), functions, options ?? Eager, NullLoggerFactory.Instance,
            new MemoryReadModel(Table, faults));
        var process = new EngineProcess(engine, log, faults);
        _processes.Add(process);
        return process;
    }

    /// <summary>The table says in the end what the engine says.</summary>
    public async Task JudgeTableAsync(EngineProcess process)
    {
        using var limit = new CancellationTokenSource(EngineHarness.Limit);
        while (true)
        {
            var truth = await process.Client.GetAllInstancesAsync().ToDictionaryAsync(state => state.InstanceId, state => state.RuntimeStatus);
            if (truth.Count == Table.Count && truth.All(row => Table.TryGetValue(row.Key, out var status) && status == row.Value)) return;
            if (limit.IsCancellationRequested)
                Assert.Fail($"The table says {string.Join(", ", Table)}; the engine says {string.Join(", ", truth)}");
            await Task.Delay(5, CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            process.End();
            await process.Engine.DisposeAsync();
        }
    }
}

/// <summary>An engine with storage of its own that can die.</summary>
internal sealed class EngineProcess(TaskHubEngine engine, CrashableLog log, StorageFaults faults)
{
    private readonly CancellationTokenSource _dead = new();

    public TaskHubEngine Engine => engine;

    public StorageFaults Faults => faults;

    public DurableTaskClient Client { get; } = engine.CreateClient("test");

    /// <summary>Starts the engine. False: the process has died of it.</summary>
    public async Task<bool> StartAsync()
    {
        _ = faults.Crash.ContinueWith(_ => _dead.Cancel(), TaskScheduler.Default);
        try
        {
            await engine.StartAsync(_dead.Token).WaitAsync(EngineHarness.Limit);
            return true;
        }
        catch (Exception) when (faults.Crash.IsCompleted)
        {
            // Whatever a dying process throws, nobody sees it.
            return false;
        }
    }

    /// <summary>Ends what is left of the process in this one.</summary>
    public void End()
    {
        faults.Kill();
        log.Crash();
    }
}
