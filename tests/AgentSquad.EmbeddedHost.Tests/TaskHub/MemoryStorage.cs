using System.Globalization;
using System.Runtime.CompilerServices;
using AgentSquad.EmbeddedHost.TaskHub.Storage;

namespace AgentSquad.EmbeddedHost.Tests.TaskHub;

/// <summary>
/// One container in memory, with the conditions and leases of Azure Storage: quick enough to fail every single request of a long history, which
/// Azurite is not. <see cref="MemoryStorageTests"/> holds it to what Azurite answers.
/// </summary>
internal sealed class MemoryStorage : ISegmentStorage, IBlobStorage
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, Blob> _blobs = new(StringComparer.Ordinal);
    private long _changes;

    /// <summary>Bytes in all blobs.</summary>
    public long TotalBytes
    {
        get
        {
            lock (_gate) return _blobs.Values.Sum(blob => blob.Content.Length);
        }
    }

    public IReadOnlyList<string> List(string prefix)
    {
        lock (_gate) return [.. _blobs.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal))];
    }

    public SegmentInfo? GetInfo(string name)
    {
        lock (_gate)
        {
            return _blobs.TryGetValue(name, out var blob)
                ? new SegmentInfo(blob.Content.Length, blob.Blocks, blob.ETag, blob.Metadata, blob.IsLeased)
                : null;
        }
    }

    public string? Create(string name, IReadOnlyDictionary<string, string> metadata)
    {
        lock (_gate)
        {
            if (_blobs.ContainsKey(name)) return null;
            var blob = _blobs[name] = new Blob { Metadata = metadata, ETag = NewETag() };
            return blob.ETag;
        }
    }

    public string SetMetadata(string name, IReadOnlyDictionary<string, string> metadata, string? ifMatch, string? leaseId)
    {
        lock (_gate)
        {
            Match(_blobs.GetValueOrDefault(name), ifMatch);
            var blob = Find(name);
            RequireLease(blob, leaseId);
            blob.Metadata = metadata;
            return blob.ETag = NewETag();
        }
    }

    public void AcquireLease(string name, string leaseId, TimeSpan duration, string? ifMatch)
    {
        lock (_gate)
        {
            Match(_blobs.GetValueOrDefault(name), ifMatch);
            var blob = Find(name);
            if (blob.IsLeased && blob.LeaseId != leaseId) throw Refused(StorageFailure.Conflict, "there is a lease already");
            blob.LeaseId = leaseId;
            blob.WasBroken = false;
            blob.LeaseFor = duration;
            blob.LeasedSince = TimeProvider.System.GetTimestamp();
        }
    }

    public void RenewLease(string name, string leaseId)
    {
        lock (_gate)
        {
            var blob = Find(name);
            if (blob.LeaseId != leaseId || blob.WasBroken) throw Refused(StorageFailure.Conflict, "the lease is another's or was ended");
            blob.LeasedSince = TimeProvider.System.GetTimestamp();
        }
    }

    public void ReleaseLease(string name, string leaseId)
    {
        lock (_gate)
        {
            var blob = Find(name);
            if (blob.LeaseId != leaseId) throw Refused(StorageFailure.Conflict, "the lease is another's or was ended");
            blob.LeaseId = null;
            blob.WasBroken = false;
        }
    }

    public void BreakLease(string name, string ifMatch)
    {
        lock (_gate)
        {
            Match(_blobs.GetValueOrDefault(name), ifMatch);
            var blob = Find(name);
            if (blob.LeaseId is null) throw Refused(StorageFailure.Conflict, "there is no lease");
            blob.WasBroken = true;
        }
    }

    public void Append(string name, ReadOnlyMemory<byte> block, string leaseId, long position)
    {
        lock (_gate)
        {
            var blob = Find(name);
            RequireLease(blob, leaseId);
            if (blob.Content.Length != position) throw Refused(StorageFailure.ConditionFailed, "the blob has another length");
            blob.Content = [.. blob.Content, .. block.Span];
            blob.Blocks++;
            blob.ETag = NewETag();
        }
    }

    public void Read(string name, long offset, Memory<byte> destination)
    {
        lock (_gate) Find(name).Content.AsSpan((int)offset, destination.Length).CopyTo(destination.Span);
    }

    public void Delete(string name, string? ifMatch)
    {
        lock (_gate)
        {
            Match(_blobs.GetValueOrDefault(name), ifMatch);
            if (!_blobs.TryGetValue(name, out var blob)) return;
            RequireLease(blob, null);
            _blobs.Remove(name);
        }
    }

    public Task EnsureContainerAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task<bool> PutAsync(string name, ReadOnlyMemory<byte> content, bool onlyIfAbsent, CancellationToken cancellationToken)
    {
        await Task.Yield();
        lock (_gate)
        {
            if (onlyIfAbsent && _blobs.ContainsKey(name)) return false;
            _blobs[name] = new Blob { Content = content.ToArray(), ETag = NewETag() };
            return true;
        }
    }

    public async Task PutAsync(string name, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream();
        await write(content, cancellationToken);
        await PutAsync(name, content.ToArray(), onlyIfAbsent: false, cancellationToken);
    }

    public async Task<byte[]?> GetAsync(string name, CancellationToken cancellationToken)
    {
        await Task.Yield();
        lock (_gate) return _blobs.GetValueOrDefault(name)?.Content;
    }

    public async Task<byte[]?> GetRangeAsync(string name, long offset, int length, CancellationToken cancellationToken)
    {
        await Task.Yield();
        lock (_gate)
        {
            if (_blobs.GetValueOrDefault(name)?.Content is not { } content) return null;
            return offset < content.Length ? content[(int)offset..Math.Min((int)offset + length, content.Length)] : throw Refused(StorageFailure.Rejected, "there is no such range");
        }
    }

    public async Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        await Task.Yield();
        Delete(name, null);
    }

    public async IAsyncEnumerable<string> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        foreach (var name in List(prefix)) yield return name;
    }

    private static HubStorageException Refused(StorageFailure failure, string why) => new(failure, $"refused: {why}");

    private static void Match(Blob? blob, string? etag)
    {
        if (etag is not null && blob?.ETag != etag) throw Refused(StorageFailure.ConditionFailed, "the blob has changed");
    }

    private static void RequireLease(Blob blob, string? leaseId)
    {
        if (blob.IsLeased ? blob.LeaseId != leaseId : leaseId is not null)
            throw Refused(StorageFailure.ConditionFailed, "the lease is not held");
    }

    private Blob Find(string name) => _blobs.GetValueOrDefault(name) ?? throw Refused(StorageFailure.NotFound, name);

    private string NewETag() => (++_changes).ToString(CultureInfo.InvariantCulture);

    private sealed class Blob
    {
        public byte[] Content { get; set; } = [];

        public int Blocks { get; set; }

        public string ETag { get; set; } = "";

        public IReadOnlyDictionary<string, string> Metadata { get; set; } = new Dictionary<string, string>();

        public string? LeaseId { get; set; }

        public TimeSpan LeaseFor { get; set; }

        public long LeasedSince { get; set; }

        public bool WasBroken { get; set; }

        public bool IsLeased => LeaseId is not null && !WasBroken && TimeProvider.System.GetElapsedTime(LeasedSince) < LeaseFor;
    }
}
