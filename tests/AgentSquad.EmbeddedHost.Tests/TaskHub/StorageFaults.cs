using AgentSquad.EmbeddedHost.TaskHub.Storage;

namespace AgentSquad.EmbeddedHost.Tests.TaskHub;

/// <summary>What happens to one storage request.</summary>
internal enum Fault
{
    /// <summary>Nothing special.</summary>
    None,

    /// <summary>It does not reach the storage.</summary>
    FailBefore,

    /// <summary>It takes effect, its answer is lost.</summary>
    FailAfter,

    /// <summary>An append seems lost, and lands just before the next append is tried.</summary>
    LandLate,

    /// <summary>The process dies before it is sent.</summary>
    CrashBefore,

    /// <summary>The process dies when it has taken effect, before the answer arrives.</summary>
    CrashAfter,

    /// <summary>The process dies, and the request that it had under way arrives later: see <see cref="StorageFaults.Late"/>.</summary>
    CrashLate,

    /// <summary>The process is killed while the request is under way.</summary>
    CrashDuring,

    /// <summary>Another process takes the hub over while this one works on: see <see cref="StorageFaults.Usurped"/>.</summary>
    TakeOver,
}

/// <summary>One storage request, for whoever decides about its fault.</summary>
/// <param name="Number">Requests so far, this one included.</param>
/// <param name="Operation">Name of the operation: append, create, write, delete and so on.</param>
/// <param name="Blob">The blob or prefix that it is about.</param>
internal sealed record StorageCall(int Number, string Operation, string Blob)
{
    public override string ToString() => $"{Number}: {Operation} {Blob}";
}

/// <summary>Decides what goes wrong with the storage of one "process", and lets it die: a crashed one reaches the storage no more.</summary>
internal sealed class StorageFaults(Func<StorageCall, Fault> decide, Action? die = null)
{
    private readonly Lock _gate = new();
    private readonly List<StorageCall> _calls = [];
    private readonly TaskCompletionSource<StorageCall> _crash = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _usurped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Action? _late;

    /// <summary>Every request so far.</summary>
    public IReadOnlyList<StorageCall> Calls
    {
        get
        {
            lock (_gate) return [.. _calls];
        }
    }

    /// <summary>Completes when the process has died, with the request that killed it.</summary>
    public Task<StorageCall> Crash => _crash.Task;

    /// <summary>What a process that died of <see cref="Fault.CrashLate"/> still had under way; it is refused or takes effect.</summary>
    public Action? Late { get; private set; }

    /// <summary>Completes when another process is to take over.</summary>
    public Task Usurped => _usurped.Task;

    /// <summary>When set, every request waits, as if the network were gone, until it is set to null again.</summary>
    public ManualResetEventSlim? Gate { get; set; }

    /// <summary>The process is dead, whatever it was doing.</summary>
    public void Kill() => _crash.TrySetResult(new StorageCall(0, "killed", ""));

    public T Run<T>(string operation, string blob, Func<T> request)
    {
        // The request is done where it is asked for, and so the task has ended.
        Gate?.Wait();
        return RunAsync(operation, blob, () => Task.FromResult(request())).GetAwaiter().GetResult();
    }

    public async Task<T> RunAsync<T>(string operation, string blob, Func<Task<T>> request)
    {
        var (call, fault) = Next(operation, blob);
        switch (fault)
        {
            case Fault.FailBefore:
                throw Lost(call);
            case Fault.LandLate when operation == "append":
                lock (_gate) _late = () => request().GetAwaiter().GetResult();
                throw Lost(call);
            case Fault.FailAfter or Fault.LandLate:
                await request();
                throw Lost(call);
            case Fault.CrashBefore:
                throw Die(call);
            case Fault.CrashAfter:
                await request();
                throw Die(call);
            case Fault.CrashLate:
                Late = () => request().GetAwaiter().GetResult();
                throw Die(call);
            case Fault.CrashDuring:
                _ = Task.Run(request);
                Thread.Sleep(1);
                throw Die(call);
            case Fault.TakeOver:
                _usurped.TrySetResult();
                return await request();
            default:
                return await request();
        }
    }

    private (StorageCall Call, Fault Fault) Next(string operation, string blob)
    {
        lock (_gate)
        {
            if (_crash.Task.IsCompleted) throw new HubStorageException(StorageFailure.Unavailable, "The process is dead.");
            if (operation == "append" && _late is { } late)
            {
                _late = null;
                late();
            }

            var call = new StorageCall(_calls.Count + 1, operation, blob);
            _calls.Add(call);
            return (call, decide(call));
        }
    }

    private static HubStorageException Lost(StorageCall call) => new(StorageFailure.Unavailable, $"injected at {call}");

    private HubStorageException Die(StorageCall call)
    {
        die?.Invoke();
        _crash.TrySetResult(call);
        return Lost(call);
    }
}

/// <summary>Segments behind faults.</summary>
internal sealed class FaultySegments(ISegmentStorage inner, StorageFaults faults) : ISegmentStorage
{
    public IReadOnlyList<string> List(string prefix) => faults.Run("list", prefix, () => inner.List(prefix));

    public SegmentInfo? GetInfo(string name) => faults.Run("info", name, () => inner.GetInfo(name));

    public string? Create(string name, IReadOnlyDictionary<string, string> metadata) =>
        faults.Run("create", name, () => inner.Create(name, metadata));

    public string SetMetadata(string name, IReadOnlyDictionary<string, string> metadata, string? ifMatch, string? leaseId) =>
        faults.Run("metadata", name, () => inner.SetMetadata(name, metadata, ifMatch, leaseId));

    public void AcquireLease(string name, string leaseId, TimeSpan duration, string? ifMatch) =>
        Run("acquire", name, () => inner.AcquireLease(name, leaseId, duration, ifMatch));

    public void RenewLease(string name, string leaseId) => Run("renew", name, () => inner.RenewLease(name, leaseId));

    public void ReleaseLease(string name, string leaseId) => Run("release", name, () => inner.ReleaseLease(name, leaseId));

    public void BreakLease(string name, string ifMatch) => Run("break", name, () => inner.BreakLease(name, ifMatch));

    public void Append(string name, ReadOnlyMemory<byte> block, string leaseId, long position)
    {
        // The writer uses its buffer again; what lands late lands as it was.
        var bytes = block.ToArray();
        Run("append", name, () => inner.Append(name, bytes, leaseId, position));
    }

    public void Read(string name, long offset, Memory<byte> destination) => Run("read", name, () => inner.Read(name, offset, destination));

    public void Delete(string name, string? ifMatch) => Run("delete", name, () => inner.Delete(name, ifMatch));

    private void Run(string operation, string blob, Action request) => faults.Run(operation, blob, () =>
    {
        request();
        return true;
    });
}

/// <summary>Blobs behind faults. What has been sent is not taken back: a request may outlive the process that made it.</summary>
internal sealed class FaultyBlobs(IBlobStorage inner, StorageFaults faults) : IBlobStorage
{
    public Task EnsureContainerAsync(CancellationToken cancellationToken) =>
        RunAsync("container", "", () => inner.EnsureContainerAsync(CancellationToken.None));

    public Task<bool> PutAsync(string name, ReadOnlyMemory<byte> content, bool onlyIfAbsent, CancellationToken cancellationToken) =>
        faults.RunAsync("write", name, () => inner.PutAsync(name, content, onlyIfAbsent, CancellationToken.None));

    public Task PutAsync(string name, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken) =>
        RunAsync("write", name, () => inner.PutAsync(name, write, CancellationToken.None));

    public Task<byte[]?> GetAsync(string name, CancellationToken cancellationToken) =>
        faults.RunAsync("get", name, () => inner.GetAsync(name, CancellationToken.None));

    public Task<byte[]?> GetRangeAsync(string name, long offset, int length, CancellationToken cancellationToken) =>
        faults.RunAsync("get", name, () => inner.GetRangeAsync(name, offset, length, CancellationToken.None));

    public Task DeleteAsync(string name, CancellationToken cancellationToken) =>
        RunAsync("delete", name, () => inner.DeleteAsync(name, CancellationToken.None));

    public async IAsyncEnumerable<string> ListAsync(
        string prefix, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var names = await faults.RunAsync("list", prefix, async () => await inner.ListAsync(prefix, CancellationToken.None).ToListAsync(CancellationToken.None));
        foreach (var name in names) yield return name;
    }

    private Task<bool> RunAsync(string operation, string blob, Func<Task> request) => faults.RunAsync(operation, blob, async () =>
    {
        await request();
        return true;
    });
}
