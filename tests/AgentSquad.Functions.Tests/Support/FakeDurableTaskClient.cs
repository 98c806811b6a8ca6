using System.Collections.Concurrent;
using AgentSquad.Functions.Intake;
using AgentSquad.Functions.Run;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace AgentSquad.Functions.Tests.Support;

/// <summary>A durable client that keeps its instances in memory; starting an id that runs is refused, as the hosts refuse it.</summary>
internal sealed class FakeDurableTaskClient() : DurableTaskClient("fake")
{
    private readonly ConcurrentDictionary<string, OrchestrationRuntimeStatus> _instances = new();

    /// <summary>Inputs of all runs started, oldest first.</summary>
    public ConcurrentQueue<TicketRunState> Started { get; } = new();

    /// <summary>Instance ids of all wake events.</summary>
    public ConcurrentQueue<string> Woken { get; } = new();

    /// <summary>Thrown by the next start, once.</summary>
    public Exception? FailNextStart { get; set; }

    /// <summary>Thrown by the next event, once.</summary>
    public Exception? FailNextEvent { get; set; }

    public void Set(string instanceId, OrchestrationRuntimeStatus status) => _instances[instanceId] = status;

    public override Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellation = default)
    {
        if (FailNextStart is { } failure)
        {
            FailNextStart = null;
            throw failure;
        }

        var id = options!.InstanceId!;
        var added = false;
        _instances.AddOrUpdate(
            id,
            _ =>
            {
                added = true;
                return OrchestrationRuntimeStatus.Running;
            },
            (_, known) =>
            {
                added = known is OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed;
                return OrchestrationRuntimeStatus.Running;
            });
        if (!added) throw new InvalidOperationException($"{id} runs already.");
        Started.Enqueue((TicketRunState)input!);
        return Task.FromResult(id);
    }

    public override Task RaiseEventAsync(
        string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default)
    {
        if (FailNextEvent is { } failure)
        {
            FailNextEvent = null;
            throw failure;
        }

        Assert.Equal(RunStarter.WakeEvent, eventName);
        Woken.Enqueue(instanceId);
        return Task.CompletedTask;
    }

    public override Task<OrchestrationMetadata?> GetInstancesAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        Task.FromResult(Runs.Find(run => run.InstanceId == instanceId) ?? (_instances.TryGetValue(instanceId, out var status)
            ? new OrchestrationMetadata(nameof(TicketOrchestrator), instanceId) { RuntimeStatus = status }
            : null));

    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) => throw NotUsed();

    public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) => throw NotUsed();

    public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) => throw NotUsed();

    public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) => throw NotUsed();

    /// <summary>Runs for queries; single look-ups find them as well.</summary>
    public List<OrchestrationMetadata> Runs { get; } = [];

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null) => Pageable.Create<OrchestrationMetadata>(
        (token, size, _) =>
        {
            var from = token is null ? 0 : int.Parse(token, System.Globalization.CultureInfo.InvariantCulture);
            var matching = Runs.Where(run => filter?.Statuses?.Contains(run.RuntimeStatus) != false).ToList();
            var page = matching.Skip(from).Take(size ?? filter?.PageSize ?? 100).ToList();
            var next = from + page.Count;
            return Task.FromResult(new Page<OrchestrationMetadata>(page, next < matching.Count ? $"{next}" : null));
        });

    /// <summary>Ids of purged instances, in order.</summary>
    public List<string> Purged { get; } = [];

    public override Task<PurgeResult> PurgeInstanceAsync(
        string instanceId, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        Purged.Add(instanceId);
        return Task.FromResult(new PurgeResult(1));
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static NotSupportedException NotUsed() => new("The app does not use this.");
}
