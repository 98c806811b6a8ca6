using System.Diagnostics;
using AgentSquad.EmbeddedHost.Orchestration.Hub;
using AgentSquad.EmbeddedHost.TaskHub;
using AgentSquad.EmbeddedHost.TaskHub.Storage;
using AgentSquad.EmbeddedHost.Tests.Orchestration.Crashes;
using AgentSquad.EmbeddedHost.Tests.TaskHub;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentSquad.EmbeddedHost.Tests.Crash;

/// <summary>
/// A process that owns a hub, does <see cref="EngineWorkload"/> on it and kills itself at one storage request, or when everything that waits
/// has left memory (<c>passivation</c>). It prints what the work says: what was acknowledged, and what it has seen of histories.
/// </summary>
internal static class EngineAtChild
{
    public static async Task<int> RunAsync(string[] args)
    {
        var point = args[2];
        await using var hub = new EngineOnAzurite(args[0], args[1], LogChild.Decide(point == "passivation" ? "" : point), Die);
        await hub.Engine.StartAsync(CancellationToken.None);
        await new EngineWorkload(() => hub.Engine)
        {
            Say = line =>
            {
                LogChild.Say(line);
                if (line == point.Replace("passivation", "passivated", StringComparison.Ordinal)) Die();
            },
        }.RunAsync();
        LogChild.Say("done");
        return 0;
    }

    private static void Die()
    {
        // SIGKILL: nothing is cleaned up, no buffer is flushed.
        Process.GetCurrentProcess().Kill();
        Thread.Sleep(Timeout.Infinite);
    }
}

/// <summary>An engine on Azurite with its table of instances, whose every request can be the last.</summary>
internal sealed class EngineOnAzurite : IAsyncDisposable
{
    private readonly AzureSegmentStorage _segments;
    private readonly TaskHubStores _stores;
    private readonly InstancesTableReadModel _table;

    public EngineOnAzurite(string storage, string hub, Func<StorageCall, Fault> decide, Action? die = null)
    {
        var account = StorageAccount.FromConnectionString(storage);
        var container = hub.ToLowerInvariant();
        var faults = new StorageFaults(decide, die);
        var options = new CommitLogOptions { StandbyPoll = TimeSpan.FromMilliseconds(50), MaxSegmentBlocks = 6, CheckpointRollOverBytes = 512 };
        _segments = new AzureSegmentStorage(account, $"{container}-log", options.RequestTimeout);
        _stores = new TaskHubStores(account, hub, options, NullLoggerFactory.Instance);
        _table = new InstancesTableReadModel(_stores.CreateInstancesTable());
        var log = new CommitLog(
            new FaultySegments(_segments, faults), new FaultyBlobs(new AzureBlobStorage(account, $"{container}-log"), faults), options,
            NullLogger<CommitLog>.Instance);
        var payloads = new BlobPayloadStore(new FaultyBlobs(new AzureBlobStorage(account, $"{container}-payloads"), faults));
        Engine = new TaskHubEngine(
            log, payloads, EngineWorkload.Functions(), FaultyHub.Eager, NullLoggerFactory.Instance, new FaultyReadModel(_table, faults));
    }

    public TaskHubEngine Engine { get; }

    /// <summary>Fills the table if it is not there, as the host does.</summary>
    public Task FillTableAsync() => _table.FillIfNewAsync(Engine);

    /// <summary>Waits until the table has what it was told.</summary>
    public Task FlushTableAsync() => _table.FlushAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        await _table.DisposeAsync();
        _stores.Dispose();
        _segments.Dispose();
    }
}

/// <summary>A read model behind faults.</summary>
internal sealed class FaultyReadModel(IInstanceReadModel inner, StorageFaults faults) : IInstanceReadModel
{
    public void Publish(InstanceSnapshot snapshot) => faults.Run("publish", snapshot.InstanceId, () =>
    {
        inner.Publish(snapshot);
        return true;
    });

    public void Remove(string instanceId) => faults.Run("remove", instanceId, () =>
    {
        inner.Remove(instanceId);
        return true;
    });

    public Task FlushAsync(CancellationToken cancellationToken) => faults.RunAsync("flush", "", async () =>
    {
        await inner.FlushAsync(cancellationToken);
        return true;
    });
}
