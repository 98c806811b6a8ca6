using AgentSquad.EmbeddedHost.Orchestration.History;
using AgentSquad.EmbeddedHost.Orchestration.State;
using AgentSquad.EmbeddedHost.TaskHub;

namespace AgentSquad.EmbeddedHost.Orchestration.Hub;

/// <summary>Reading instances.</summary>
internal sealed partial class TaskHubEngine
{
    /// <summary>An instance's state; null when it is unknown.</summary>
    public async Task<InstanceSnapshot?> GetSnapshotAsync(string instanceId, CancellationToken cancellationToken)
    {
        RequireActive();
        InstanceSnapshot row;
        Task committed;
        ArchiveLocation? archive;
        lock (_gate)
        {
            if (_state.Find(instanceId) is not { } instance) return null;
            row = SnapshotOf(instance);
            committed = instance.LastCommit;
            archive = instance.Archive;
        }

        await Durable(committed, cancellationToken).ConfigureAwait(false);
        if (archive is null) return row;
        return await ReadArchivedAsync(instanceId, archive, cancellationToken).ConfigureAwait(false) is { } archived ? SnapshotOf(archived) : null;
    }

    /// <summary>
    /// The first instances, by id, after one and to which a filter applies. Their payloads are not read from archives; see <see cref="GetSnapshotAsync"/>.
    /// </summary>
    public async Task<List<InstanceSnapshot>> ListAsync(string? afterId, int count, Func<InstanceSnapshot, bool> filter, CancellationToken cancellationToken)
    {
        RequireActive();
        List<InstanceSnapshot> rows;
        Task committed;
        lock (_gate)
        {
            // A bounded heap: the largest id of the page so far is on top.
            var page = new PriorityQueue<InstanceSnapshot, string>(Comparer<string>.Create((x, y) => string.CompareOrdinal(y, x)));
            foreach (var instance in _state.Instances)
            {
                if (afterId is not null && string.CompareOrdinal(instance.Id, afterId) <= 0) continue;
                if (page.Count == count && page.TryPeek(out _, out var largest) && string.CompareOrdinal(instance.Id, largest) > 0) continue;
                var row = SnapshotOf(instance);
                if (!filter(row)) continue;
                page.Enqueue(row, row.InstanceId);
                if (page.Count > count) page.Dequeue();
            }

            rows = [.. page.UnorderedItems.Select(item => item.Element).OrderBy(row => row.InstanceId, StringComparer.Ordinal)];
            committed = _lastCommit;
        }

        await Durable(committed, cancellationToken).ConfigureAwait(false);
        return rows;
    }

    /// <summary>The history of an instance's current execution; null when the instance is unknown.</summary>
    public async Task<IReadOnlyList<HistoryEvent>?> GetHistoryAsync(string instanceId, CancellationToken cancellationToken)
    {
        RequireActive();
        ReadOnlyMemory<byte> history;
        Task committed;
        ArchiveLocation? archive;
        lock (_gate)
        {
            if (_state.Find(instanceId) is not { } instance) return null;
            history = instance.History.Held;
            committed = instance.LastCommit;
            archive = instance.Archive;
        }

        await Durable(committed, cancellationToken).ConfigureAwait(false);
        if (archive is null) return HistoryCodec.ReadAll(PackedHistory.Plain(history).Span);
        return await ReadArchivedAsync(instanceId, archive, cancellationToken).ConfigureAwait(false) is { } archived ? HistoryCodec.ReadAll(archived.History.Plain) : null;
    }

    /// <summary>Whether the history of an instance is held in its packed form.</summary>
    public bool IsPacked(string instanceId)
    {
        lock (_gate) return _state.Find(instanceId) is { } instance && PackedHistory.IsPacked(instance.History.Held.Span);
    }

    /// <summary>Whether an instance is in the archive.</summary>
    public bool IsArchived(string instanceId) => _state.Find(instanceId) is { Archive: not null };

    /// <summary>The text of a payload.</summary>
    public ValueTask<string?> ReadPayloadAsync(Payload payload, CancellationToken cancellationToken) => _payloads.ReadAsync(payload, cancellationToken);

    private async Task<List<string>> GetChildrenAsync(string instanceId, CancellationToken cancellationToken) =>
    [
        .. (await GetHistoryAsync(instanceId, cancellationToken).ConfigureAwait(false) ?? [])
            .Where(item => item.Kind == HistoryEventKind.SubOrchestrationInstanceCreated)
            .Select(item => item.Target!),
    ];

    // Null: it was purged while it was looked for.
    private async Task<Instance?> ReadArchivedAsync(string instanceId, ArchiveLocation location, CancellationToken cancellationToken)
    {
        try
        {
            // An archive holds hundreds of instances: only what belongs to this one is read.
            var content = await _payloads.ReadRangeAsync(location.Blob, location.Offset, location.Length, cancellationToken).ConfigureAwait(false);
            var reader = new ByteReader(content.Span);
            return InstanceCodec.Read(ref reader);
        }
        catch (TaskHubCorruptException) when (_state.Find(instanceId)?.Archive != location)
        {
            return null;
        }
    }

    private static InstanceSnapshot SnapshotOf(Instance instance) => new()
    {
        InstanceId = instance.Id,
        ExecutionId = instance.ExecutionId,
        Name = instance.Name,
        Version = instance.Version,
        Status = instance.Status,
        CreatedAt = instance.CreatedAt,
        LastUpdatedAt = instance.LastUpdatedAt,
        CompletedAt = instance.CompletedAt,
        StartAt = instance.StartAt,
        Input = instance.Input,
        Output = instance.Output,
        CustomStatus = instance.CustomStatus,
        Failure = instance.Failure,
        Tags = instance.Tags,
        ParentInstanceId = instance.Parent?.InstanceId,
        IsArchived = instance.Archive is not null,
    };
}
