using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace AgentSquad.EmbeddedHost.TaskHub.Storage;

/// <summary>Whole blobs in one container of Azure Storage, with the client's usual retries: every request here may be repeated.</summary>
internal sealed class AzureBlobStorage(StorageAccount account, string container) : IBlobStorage
{
    private readonly BlobContainerClient _container = account
        .CreateBlobs(new BlobClientOptions
        {
            Retry = { NetworkTimeout = TimeSpan.FromSeconds(20) },
            Diagnostics = { IsLoggingEnabled = false, IsDistributedTracingEnabled = false },
        })
        .GetBlobContainerClient(container);

    /// <inheritdoc />
    public Task EnsureContainerAsync(CancellationToken cancellationToken) =>
        CallAsync($"create container {container}", () => _container.CreateIfNotExistsAsync(cancellationToken: cancellationToken), cancellationToken);

    /// <inheritdoc />
    public async Task<bool> PutAsync(string name, ReadOnlyMemory<byte> content, bool onlyIfAbsent, CancellationToken cancellationToken)
    {
        var options = new BlobUploadOptions();
        if (onlyIfAbsent) options.Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All };
        try
        {
            await CallAsync($"write {name}", async () =>
            {
                using var body = new ReadOnlyMemoryStream(content);
                return await _container.GetBlockBlobClient(name).UploadAsync(body, options, cancellationToken);
            }, cancellationToken);
            return true;
        }
        catch (HubStorageException taken)
            when (onlyIfAbsent && taken.Failure is StorageFailure.Conflict or StorageFailure.ConditionFailed)
        {
            return false;
        }
    }

    /// <inheritdoc />
    public Task PutAsync(string name, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken) =>
        CallAsync($"write {name}", async () =>
        {
            await using var stream = new BlockUploadStream(_container.GetBlockBlobClient(name));
            await write(stream, cancellationToken);
            await stream.CommitAsync(cancellationToken);
            return true;
        }, cancellationToken);

    /// <inheritdoc />
    public Task<byte[]?> GetAsync(string name, CancellationToken cancellationToken) => DownloadAsync(name, default, cancellationToken);

    /// <inheritdoc />
    public Task<byte[]?> GetRangeAsync(string name, long offset, int length, CancellationToken cancellationToken) =>
        DownloadAsync(name, new HttpRange(offset, length), cancellationToken);

    /// <inheritdoc />
    public Task DeleteAsync(string name, CancellationToken cancellationToken) =>
        CallAsync($"delete {name}", () => _container.GetBlobClient(name).DeleteIfExistsAsync(cancellationToken: cancellationToken), cancellationToken);

    /// <inheritdoc />
    public async IAsyncEnumerable<string> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var options = new GetBlobsOptions { Prefix = prefix };
        await using var blobs = _container.GetBlobsAsync(options, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await CallAsync($"list {prefix}", () => blobs.MoveNextAsync().AsTask(), cancellationToken)) yield return blobs.Current.Name;
    }

    private async Task<byte[]?> DownloadAsync(string name, HttpRange range, CancellationToken cancellationToken)
    {
        try
        {
            return await CallAsync($"read {name}", async () =>
            {
                using var download =
                    (await _container.GetBlobClient(name).DownloadStreamingAsync(new BlobDownloadOptions { Range = range }, cancellationToken)).Value;
                var content = new byte[download.Details.ContentLength];
                await download.Content.ReadExactlyAsync(content, cancellationToken);
                return content;
            }, cancellationToken);
        }
        catch (HubStorageException missing) when (missing.Failure == StorageFailure.NotFound)
        {
            return null;
        }
    }

    private static async Task<T> CallAsync<T>(string what, Func<Task<T>> request, CancellationToken cancellationToken)
    {
        try
        {
            return await request();
        }
        catch (Exception exception) when (StorageErrors.IsStorage(exception) && !cancellationToken.IsCancellationRequested)
        {
            throw StorageErrors.Translate(exception, what);
        }
    }
}
