using System.Collections.Immutable;
using System.Text;
using AgentSquad.EmbeddedHost.Functions.Configuration;
using AgentSquad.EmbeddedHost.Orchestration.History;
using AgentSquad.EmbeddedHost.Orchestration.Hub;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace AgentSquad.EmbeddedHost.Orchestration.Client;

/// <summary>The client of an embedded hub. On standby every call throws <see cref="TaskHubUnavailableException"/>.</summary>
internal sealed class EmbeddedDurableTaskClient(string name, TaskHubEngine engine) : DurableTaskClient(name)
{
    private DataConverter Converter => engine.Options.Converter;

    public override Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(orchestratorName.Name, nameof(orchestratorName));
        foreach (var status in options?.DedupeStatuses ?? [])
        {
            if (!Enum.TryParse<OrchestrationRuntimeStatus>(status, ignoreCase: true, out _))
            {
                throw new ArgumentException($"Invalid orchestration runtime status: '{status}' for deduplication.", nameof(options));
            }
        }

        return engine.ScheduleAsync(orchestratorName.Name, Converter.Serialize(input), options, cancellation);
    }

    public override Task RaiseEventAsync(
        string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        return engine.RaiseEventAsync(instanceId, eventName, Converter.Serialize(eventPayload), cancellation);
    }

    public override Task TerminateInstanceAsync(
        string instanceId, TerminateInstanceOptions? options = null, CancellationToken cancellation = default) => Order(
            HistoryEventKind.ExecutionTerminated, instanceId, Converter.Serialize(options?.Output), options?.Recursive ?? false, cancellation);

    public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        Order(HistoryEventKind.ExecutionSuspended, instanceId, reason, recursive: false, cancellation);

    public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        Order(HistoryEventKind.ExecutionResumed, instanceId, reason, recursive: false, cancellation);

    public override async Task<OrchestrationMetadata?> GetInstancesAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        var row = await engine.GetSnapshotAsync(instanceId, cancellation).ConfigureAwait(false);
        return row is null ? null : await DescribeAsync(row, getInputsAndOutputs, cancellation).ConfigureAwait(false);
    }

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null) =>
        Pageable.Create<OrchestrationMetadata>(async (token, size, cancellation) =>
        {
            var query = filter ?? new OrchestrationQuery();
            if (query.TaskHubNames?.ToList() is { Count: > 0 } hubs && !hubs.Exists(IsThisHub)) return new Page<OrchestrationMetadata>([], null);
            var pageSize = Math.Max(1, size ?? query.PageSize);
            var after = Position(token ?? query.ContinuationToken);
            var rows = await engine.ListAsync(after, pageSize, InstanceFilter.For(query), cancellation).ConfigureAwait(false);
            var page = new List<OrchestrationMetadata>(rows.Count);
            foreach (var row in rows)
            {
                var whole = row.IsArchived && (query.FetchInputsAndOutputs || row.Status == OrchestrationRuntimeStatus.Failed)
                    ? await engine.GetSnapshotAsync(row.InstanceId, cancellation).ConfigureAwait(false) ?? row
                    : row;
                page.Add(await DescribeAsync(whole, query.FetchInputsAndOutputs, cancellation).ConfigureAwait(false));
            }

            return new Page<OrchestrationMetadata>(page, rows.Count < pageSize ? null : Token(rows[^1].InstanceId));
        });

    public override async Task<Page<string>> ListInstanceIdsAsync(
        IEnumerable<OrchestrationRuntimeStatus>? runtimeStatus = null,
        DateTimeOffset? completedTimeFrom = null,
        DateTimeOffset? completedTimeTo = null,
        int pageSize = OrchestrationQuery.DefaultPageSize,
        string? lastInstanceKey = null,
        CancellationToken cancellation = default)
    {
        var filter = InstanceFilter.ForEnded(runtimeStatus, completedTimeFrom, completedTimeTo);
        var rows = await engine.ListAsync(Position(lastInstanceKey), Math.Max(1, pageSize), filter, cancellation).ConfigureAwait(false);
        return new Page<string>([.. rows.Select(row => row.InstanceId)], rows.Count < pageSize ? null : Token(rows[^1].InstanceId));
    }

    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        WaitAsync(instanceId, untilEnd: false, getInputsAndOutputs, cancellation);

    public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        WaitAsync(instanceId, untilEnd: true, getInputsAndOutputs, cancellation);

    public override async Task<PurgeResult> PurgeInstanceAsync(
        string instanceId, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        var count = await engine.PurgeAsync([instanceId], options?.Recursive ?? false, cancellation).ConfigureAwait(false);
        return new PurgeResult(count, isComplete: true);
    }

    public override async Task<PurgeResult> PurgeAllInstancesAsync(
        PurgeInstancesFilter filter, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        const int batch = 1000;
        var applies = InstanceFilter.For(filter);
        var started = TimeProvider.System.GetTimestamp();
        var count = 0;
        string? after = null;
        while (true)
        {
            var rows = await engine.ListAsync(after, batch, applies, cancellation).ConfigureAwait(false);
            count += await engine.PurgeAsync(rows.Select(row => row.InstanceId), options?.Recursive ?? false, cancellation).ConfigureAwait(false);
            if (rows.Count < batch) return new PurgeResult(count, isComplete: true);
            if (filter.Timeout is { } limit && TimeProvider.System.GetElapsedTime(started) > limit) return new PurgeResult(count, isComplete: false);
            after = rows[^1].InstanceId;
        }
    }

    public override async Task<string> RestartAsync(
        string instanceId, bool restartWithNewInstanceId = false, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        var row = await engine.GetSnapshotAsync(instanceId, cancellation).ConfigureAwait(false)
            ?? throw new ArgumentException($"No instance with ID '{instanceId}' was found.", nameof(instanceId));
        var input = await engine.ReadPayloadAsync(row.Input, cancellation).ConfigureAwait(false);
        var options = new StartOrchestrationOptions(InstanceId: restartWithNewInstanceId ? null : instanceId)
        {
            Tags = row.Tags ?? ImmutableDictionary<string, string>.Empty,
            Version = row.Version is { } version ? new TaskVersion(version) : default(TaskVersion?),
        };
        return await engine.ScheduleAsync(row.Name, input, options, cancellation).ConfigureAwait(false);
    }

    public override Task RewindInstanceAsync(string instanceId, string reason, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        return engine.RewindAsync(instanceId, reason, cancellation);
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    // As everywhere, the name is this hub's also without the suffix that the embedded host gives it.
    private bool IsThisHub(string hub) => hub.Equals(Name, StringComparison.OrdinalIgnoreCase)
        || $"{hub}{HostSettings.HubSuffix}".Equals(Name, StringComparison.OrdinalIgnoreCase);

    private static string? Position(string? token)
    {
        if (string.IsNullOrEmpty(token)) return null;
        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(token));
        }
        catch (FormatException exception)
        {
            throw new ArgumentException("The continuation token is not one of this hub.", nameof(token), exception);
        }
    }

    private static string Token(string instanceId) => Convert.ToBase64String(Encoding.UTF8.GetBytes(instanceId));

    private Task Order(HistoryEventKind kind, string instanceId, string? reason, bool recursive, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        return engine.OrderAsync(kind, instanceId, reason, recursive, cancellation);
    }

    private async Task<OrchestrationMetadata> WaitAsync(string instanceId, bool untilEnd, bool payloads, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        var row = await engine.WaitAsync(instanceId, untilEnd, cancellation).ConfigureAwait(false);
        return await DescribeAsync(row, payloads, cancellation).ConfigureAwait(false);
    }

    private async Task<OrchestrationMetadata> DescribeAsync(InstanceSnapshot row, bool payloads, CancellationToken cancellation) =>
        new(row.Name, row.InstanceId)
        {
            DataConverter = payloads ? Converter : null,
            RuntimeStatus = row.Status,
            CreatedAt = new DateTimeOffset(row.CreatedAt, TimeSpan.Zero),
            LastUpdatedAt = new DateTimeOffset(row.LastUpdatedAt, TimeSpan.Zero),
            SerializedInput = payloads ? await engine.ReadPayloadAsync(row.Input, cancellation).ConfigureAwait(false) : null,
            SerializedOutput = payloads ? await engine.ReadPayloadAsync(row.Output, cancellation).ConfigureAwait(false) : null,
            SerializedCustomStatus = payloads ? await engine.ReadPayloadAsync(row.CustomStatus, cancellation).ConfigureAwait(false) : null,
            FailureDetails = row.Failure,
            Tags = row.Tags ?? ImmutableDictionary<string, string>.Empty,
        };
}
