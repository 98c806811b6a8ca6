using System.Collections.Concurrent;
using AgentSquad.EmbeddedHost.Orchestration.History;
using Microsoft.DurableTask.Client;

namespace AgentSquad.EmbeddedHost.Orchestration.State;

/// <summary>
/// The instances of the hub and what changes them. The same code applies a change when it happens and when the log is read back, so that
/// a rebuilt hub equals the one that wrote the log. Guarded by the engine's gate; readers that need no consistency may look without it.
/// </summary>
internal sealed class HubState
{
    private readonly ConcurrentDictionary<string, Instance> _instances = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _archives = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _blobOwners = new(StringComparer.Ordinal);
    private long _lastMessageId;

    public IEnumerable<Instance> Instances => _instances.Select(pair => pair.Value);

    public int Count => _instances.Count;

    /// <summary>Blobs that nothing refers to any more; deleted after the next checkpoint.</summary>
    public HashSet<string> Garbage { get; } = new(StringComparer.Ordinal);

    public long LastMessageId => _lastMessageId;

    public long NextMessageId() => ++_lastMessageId;

    public Instance? Find(string id) => _instances.GetValueOrDefault(id);

    /// <summary>Takes an instance over from a checkpoint.</summary>
    public void Restore(Instance instance)
    {
        _instances[instance.Id] = instance;
        foreach (var message in instance.Inbox) SawMessage(message.Id);
        foreach (var blob in instance.Blobs ?? []) _blobOwners[blob] = _blobOwners.GetValueOrDefault(blob) + 1;
        if (instance.Archive is { } archive) CountArchived(archive.Blob, 1);
    }

    public void SawMessage(long id) => _lastMessageId = Math.Max(_lastMessageId, id);

    /// <summary>Puts an instance in place; one that it replaces must have ended.</summary>
    public void Put(Instance instance)
    {
        if (_instances.TryGetValue(instance.Id, out var old) && old != instance) Discard(old);
        _instances[instance.Id] = instance;
    }

    /// <summary>The event that begins an instance's first execution.</summary>
    public static HistoryEvent StartEvent(Instance instance) => new()
    {
        Kind = HistoryEventKind.ExecutionStarted,
        Timestamp = instance.CreatedAt,
        Name = instance.Name,
        Data = instance.Input,
        Target = instance.ExecutionId,
        Version = instance.Version,
    };

    /// <summary>
    /// Applies a change. While the engine runs, starts and waiting events are in memory before they are in the log, so they come here only
    /// when the log is read back; turns, archives and purges come here always.
    /// </summary>
    public void Apply(Change change)
    {
        switch (change)
        {
            case StartChange start:
                SawMessage(start.MessageId);
                start.Instance.IsStartLogged = true;
                start.Instance.Inbox.Add(new Message(start.MessageId, StartEvent(start.Instance)) { IsLogged = true });
                Own(start.Instance, start.Instance.Input);
                Put(start.Instance);
                break;
            case EnqueueChange enqueue:
                SawMessage(enqueue.MessageId);
                if (Find(enqueue.InstanceId) is { IsFinished: false } target)
                {
                    target.Inbox.Add(new Message(enqueue.MessageId, enqueue.Event) { IsLogged = true });
                    Own(target, enqueue.Event.Data);
                }

                break;
            case TurnChange turn:
                if (Find(turn.InstanceId) is { } instance) Apply(instance, turn);
                break;
            case ArchiveChange archive:
                foreach (var entry in archive.Entries) MoveToArchive(archive.Blob, entry);
                if (!_archives.ContainsKey(archive.Blob)) Garbage.Add(archive.Blob);
                break;
            case RewindChange rewind:
                foreach (var message in rewind.Instance.Inbox) SawMessage(message.Id);
                Adopt(rewind.Instance);
                Put(rewind.Instance);
                break;
            case PurgeChange purge:
                if (_instances.TryRemove(purge.InstanceId, out var purged)) Discard(purged);
                break;
            default:
                throw new InvalidOperationException($"Unknown change {change}.");
        }
    }

    private void Apply(Instance instance, TurnChange turn)
    {
        if (turn.Consumed.Count > 0 && instance.Inbox.Count > 0)
        {
            var consumed = turn.Consumed.ToHashSet();
            instance.Inbox.RemoveAll(message => consumed.Contains(message.Id));
        }

        instance.History.Append(turn.StoredEvents.Span);
        instance.LastUpdatedAt = turn.Time;
        if (turn.CustomStatusSet)
        {
            if (instance.CustomStatus.IsBlob) Disown(instance, instance.CustomStatus.Value!);
            Own(instance, turn.CustomStatus);
            instance.CustomStatus = turn.CustomStatus;
        }

        foreach (var item in turn.Events) Apply(instance, item);
        foreach (var timer in turn.CancelledTimers) instance.Pending.Remove(timer);
        var position = 0;
        foreach (var (id, carried) in turn.Carried)
        {
            SawMessage(id);
            instance.Inbox.Insert(position++, new Message(id, carried) { IsLogged = true });
            Own(instance, carried.Data);
        }
    }

    private void Apply(Instance instance, HistoryEvent item)
    {
        Own(instance, item.Data);
        switch (item.Kind)
        {
            case HistoryEventKind.ExecutionStarted:
                instance.HasBegun = true;
                instance.Input = item.Data;
                instance.Status = OrchestrationRuntimeStatus.Running;
                break;
            case HistoryEventKind.TaskScheduled:
            case HistoryEventKind.SubOrchestrationInstanceCreated:
            case HistoryEventKind.TimerCreated:
                instance.Pending.Add(item);
                break;
            case HistoryEventKind.TaskCompleted:
            case HistoryEventKind.TaskFailed:
            case HistoryEventKind.SubOrchestrationInstanceCompleted:
            case HistoryEventKind.SubOrchestrationInstanceFailed:
            case HistoryEventKind.TimerFired:
                instance.Pending.Remove(item.TaskScheduledId);
                break;
            case HistoryEventKind.ExecutionSuspended:
                instance.Status = OrchestrationRuntimeStatus.Suspended;
                break;
            case HistoryEventKind.ExecutionResumed:
                instance.Status = instance.HasBegun ? OrchestrationRuntimeStatus.Running : OrchestrationRuntimeStatus.Pending;
                break;
            case HistoryEventKind.ContinueAsNew:
                BeginAgain(instance, item);
                break;
            case HistoryEventKind.ExecutionCompleted:
                instance.Status = item.Status;
                instance.Output = item.Data;
                instance.Failure = item.Failure;
                instance.CompletedAt = item.Timestamp;
                instance.Pending.Clear();
                instance.Inbox.Clear();
                instance.History.Trim();
                break;
            default:
                break;
        }
    }

    private void BeginAgain(Instance instance, HistoryEvent item)
    {
        instance.ExecutionId = item.Target!;
        instance.Version = item.Version;
        instance.HasBegun = false;
        instance.Pending.Clear();
        instance.History.Clear();

        // Results of the execution that ended mean nothing to the next; events and orders from outside do.
        instance.Inbox.RemoveAll(message => message.Event.TaskScheduledId != HistoryEvent.NoId);
        if (instance.Blobs is null) return;
        var kept = instance.Inbox.Select(message => message.Event.Data).Append(instance.CustomStatus).Where(data => data.IsBlob)
            .Select(data => data.Value!).ToHashSet(StringComparer.Ordinal);
        foreach (var blob in instance.Blobs.Except(kept).ToList()) Disown(instance, blob);
    }

    /// <summary>Notes the blob of a payload as the instance's; it goes with the last instance that has it.</summary>
    public void Own(Instance instance, Payload payload)
    {
        if (!payload.IsBlob) return;
        var blob = payload.Value!;
        if (!(instance.Blobs ??= new HashSet<string>(StringComparer.Ordinal)).Add(blob)) return;
        Garbage.Remove(blob);
        _blobOwners[blob] = _blobOwners.GetValueOrDefault(blob) + 1;
    }

    // Counted before the instance that it replaces lets go, so that no blob is without an owner in between.
    private void Adopt(Instance instance)
    {
        foreach (var blob in instance.Blobs ?? [])
        {
            Garbage.Remove(blob);
            _blobOwners[blob] = _blobOwners.GetValueOrDefault(blob) + 1;
        }
    }

    /// <summary>Notes that a payload went nowhere; its blob goes unless an instance has it.</summary>
    public void Abandon(Payload payload)
    {
        if (payload.IsBlob && !_blobOwners.ContainsKey(payload.Value!)) Garbage.Add(payload.Value!);
    }

    /// <summary>Whether an instance needs a blob.</summary>
    public bool Needs(string blob) => _blobOwners.ContainsKey(blob) || _archives.ContainsKey(blob);

    private void Disown(Instance instance, string blob)
    {
        if (instance.Blobs?.Remove(blob) == true) Release(blob);
    }

    private void Release(string blob)
    {
        var owners = _blobOwners.GetValueOrDefault(blob) - 1;
        if (owners > 0)
        {
            _blobOwners[blob] = owners;
            return;
        }

        _blobOwners.Remove(blob);
        Garbage.Add(blob);
    }

    private void MoveToArchive(string blob, (string InstanceId, string ExecutionId, int Offset, int Length) entry)
    {
        if (Find(entry.InstanceId) is not { IsFinished: true } instance || instance.ExecutionId != entry.ExecutionId) return;
        if (instance.Archive is { } earlier) CountArchived(earlier.Blob, -1);
        CountArchived(blob, 1);
        instance.Archive = new ArchiveLocation(blob, entry.Offset, entry.Length);
        instance.Input = Payload.None;
        instance.Output = Payload.None;
        instance.CustomStatus = Payload.None;
        instance.Failure = null;
        instance.History.Clear();
    }

    private void Discard(Instance instance)
    {
        foreach (var blob in instance.Blobs ?? []) Release(blob);
        if (instance.Archive is { } archive) CountArchived(archive.Blob, -1);
    }

    private void CountArchived(string blob, int change)
    {
        var count = _archives.GetValueOrDefault(blob) + change;
        if (count > 0)
        {
            _archives[blob] = count;
            return;
        }

        _archives.Remove(blob);
        Garbage.Add(blob);
    }
}
