using Azure;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace AgentSquad.EmbeddedHost.TaskHub.Storage;

/// <summary>Segments as append blobs in one container of Azure Storage.</summary>
internal sealed class AzureSegmentStorage : ISegmentStorage, IDisposable
{
    private readonly BlobContainerClient _container;
    private readonly SocketsHttpHandler _handler;
    private readonly HttpClient _http;
    private readonly TimeSpan _timeout;

    // The writer appends to one blob at a time; its client is kept.
    private AppendBlobClient? _current;

    /// <summary>Works in a container that exists.</summary>
    public AzureSegmentStorage(StorageAccount account, string container, TimeSpan requestTimeout)
    {
        _timeout = requestTimeout;
        // The log's own connections: nothing else can make them wait, and an idle one stays warm.
        _handler = new SocketsHttpHandler { UseCookies = false, PooledConnectionIdleTimeout = TimeSpan.FromMinutes(5) };
        _http = new HttpClient(_handler) { Timeout = Timeout.InfiniteTimeSpan };
        var options = new BlobClientOptions
        {
            Transport = new HttpClientTransport(_http),
            // A retry by the client would make "landed" and "refused" look alike; the log decides itself.
            Retry = { MaxRetries = 0, NetworkTimeout = requestTimeout },
            Diagnostics = { IsLoggingEnabled = false, IsDistributedTracingEnabled = false, IsTelemetryEnabled = false },
        };
        _container = account.CreateBlobs(options).GetBlobContainerClient(container);
    }

    /// <inheritdoc />
    public IReadOnlyList<string> List(string prefix) => Call($"list {prefix}", token =>
    {
        var names = new List<string>();
        var options = new GetBlobsOptions { Prefix = prefix };
        foreach (var blob in _container.GetBlobs(options, token)) names.Add(blob.Name);
        names.Sort(StringComparer.Ordinal);
        return names;
    });

    /// <inheritdoc />
    public SegmentInfo? GetInfo(string name)
    {
        try
        {
            return Call($"get properties of {name}", token =>
            {
                var properties = _container.GetBlobClient(name).GetProperties(cancellationToken: token).Value;
                return new SegmentInfo(
                    properties.ContentLength, properties.BlobCommittedBlockCount, properties.ETag.ToString(), properties.Metadata.AsReadOnly(),
                    properties.LeaseStatus == LeaseStatus.Locked);
            });
        }
        catch (HubStorageException missing) when (missing.Failure == StorageFailure.NotFound)
        {
            return null;
        }
    }

    /// <inheritdoc />
    public string? Create(string name, IReadOnlyDictionary<string, string> metadata)
    {
        try
        {
            return Call($"create {name}", token =>
            {
                var options = new AppendBlobCreateOptions
                {
                    Conditions = new AppendBlobRequestConditions { IfNoneMatch = ETag.All },
                    Metadata = metadata.ToDictionary(),
                };
                return _container.GetAppendBlobClient(name).Create(options, token).Value.ETag.ToString();
            });
        }
        catch (HubStorageException taken) when (taken.Failure is StorageFailure.Conflict or StorageFailure.ConditionFailed)
        {
            return null;
        }
    }

    /// <inheritdoc />
    public string SetMetadata(string name, IReadOnlyDictionary<string, string> metadata, string? ifMatch, string? leaseId) =>
        Call($"set metadata of {name}", token =>
        {
            var conditions = new BlobRequestConditions { LeaseId = leaseId };
            if (ifMatch is not null) conditions.IfMatch = new ETag(ifMatch);
            return _container.GetBlobClient(name).SetMetadata(metadata.ToDictionary(), conditions, token).Value.ETag.ToString();
        });

    /// <inheritdoc />
    public void AcquireLease(string name, string leaseId, TimeSpan duration, string? ifMatch) =>
        Call($"acquire the lease of {name}", token => Lease(name, leaseId).Acquire(duration, Match(ifMatch), token));

    /// <inheritdoc />
    public void RenewLease(string name, string leaseId) =>
        Call($"renew the lease of {name}", token => Lease(name, leaseId).Renew(cancellationToken: token));

    /// <inheritdoc />
    public void ReleaseLease(string name, string leaseId) =>
        Call($"release the lease of {name}", token => Lease(name, leaseId).Release(cancellationToken: token));

    /// <inheritdoc />
    public void BreakLease(string name, string ifMatch) =>
        Call($"break the lease of {name}", token => Lease(name, null).Break(TimeSpan.Zero, Match(ifMatch), token));

    /// <inheritdoc />
    public void Append(string name, ReadOnlyMemory<byte> block, string leaseId, long position) => Call($"append to {name}", token =>
    {
        if (_current is null || _current.Name != name) _current = _container.GetAppendBlobClient(name);
        var options = new AppendBlobAppendBlockOptions
        {
            Conditions = new AppendBlobRequestConditions { LeaseId = leaseId, IfAppendPositionEqual = position },
        };
        using var body = new ReadOnlyMemoryStream(block);
        return _current.AppendBlock(body, options, token);
    });

    /// <inheritdoc />
    public void Read(string name, long offset, Memory<byte> destination) => Call($"read {name}", token =>
    {
        // A time-out per request, not per segment: a large one comes in pieces.
        const int Piece = 8 * 1024 * 1024;
        for (var done = 0; done < destination.Length;)
        {
            var length = Math.Min(Piece, destination.Length - done);
            var options = new BlobDownloadOptions { Range = new HttpRange(offset + done, length) };
            using var download = _container.GetBlobClient(name).DownloadStreaming(options, CancellationToken.None).Value;
            download.Content.ReadExactly(destination.Span.Slice(done, length));
            done += length;
        }

        return true;
    });

    /// <inheritdoc />
    public void Delete(string name, string? ifMatch) => Call($"delete {name}", token =>
    {
        var conditions = ifMatch is null ? null : new BlobRequestConditions { IfMatch = new ETag(ifMatch) };
        return _container.GetBlobClient(name).DeleteIfExists(DeleteSnapshotsOption.None, conditions, token);
    });

    /// <summary>Closes the connections.</summary>
    public void Dispose()
    {
        _http.Dispose();
        _handler.Dispose();
    }

    private static RequestConditions? Match(string? etag) => etag is null ? null : new RequestConditions { IfMatch = new ETag(etag) };

    private BlobLeaseClient Lease(string name, string? leaseId) => _container.GetBlobClient(name).GetBlobLeaseClient(leaseId);

    private T Call<T>(string what, Func<CancellationToken, T> request)
    {
        using var timeout = new CancellationTokenSource(_timeout);
        try
        {
            return request(timeout.Token);
        }
        catch (Exception exception) when (StorageErrors.IsStorage(exception))
        {
            throw StorageErrors.Translate(exception, what);
        }
    }
}
