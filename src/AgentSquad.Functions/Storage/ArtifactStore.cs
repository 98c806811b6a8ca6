using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace AgentSquad.Functions.Storage;

/// <summary>
/// What the steps of a run produce, one blob per step under <c>{instance}/{step}</c>. The orchestration's history carries the step's name only.
/// </summary>
internal sealed class ArtifactStore(StorageAccount account)
{
    private readonly BlobContainerClient _container = account.Container(StorageNames.ArtifactContainer);

    /// <summary>The artifact of a step, or null when the step has none yet.</summary>
    public async Task<T?> FindAsync<T>(string instanceId, string step, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            var content = await _container.GetBlobClient(Name(instanceId, step)).DownloadContentAsync(cancellationToken);
            return JsonSerializer.Deserialize<T>(content.Value.Content, SquadJson.Options);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return null;
        }
    }

    /// <summary>The artifact of a step that is done.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public async Task<T> GetAsync<T>(string instanceId, string step, CancellationToken cancellationToken)
        where T : class =>
        await FindAsync<T>(instanceId, step, cancellationToken)
        ?? throw new InvalidOperationException($"The artifact {StorageNames.ArtifactContainer}/{Name(instanceId, step)} is gone.");

    /// <summary>Stores a step's artifact, over an earlier one if there is one.</summary>
    public async Task SaveAsync<T>(string instanceId, string step, T value, CancellationToken cancellationToken)
        where T : class
    {
        var blob = _container.GetBlobClient(Name(instanceId, step));
        var content = BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(value, SquadJson.Options));
        var options = new BlobUploadOptions { HttpHeaders = new BlobHttpHeaders { ContentType = "application/json" } };
        await EnsureExists.RunAsync(
            () => blob.UploadAsync(content, options, cancellationToken),
            () => _container.CreateIfNotExistsAsync(cancellationToken: cancellationToken));
    }

    /// <summary>
    /// The step's artifact, made now or found from an earlier try: a step whose activity is repeated is neither done nor paid twice.
    /// </summary>
    public async Task<T> GetOrAddAsync<T>(string instanceId, string step, Func<Task<T>> make, CancellationToken cancellationToken)
        where T : class
    {
        if (await FindAsync<T>(instanceId, step, cancellationToken) is { } found) return found;
        var made = await make();
        await SaveAsync(instanceId, step, made, cancellationToken);
        return made;
    }

    /// <summary>Deletes what an instance's steps left before a time.</summary>
    /// <param name="instanceId">The instance; another run of its ticket may have begun, whose blobs are newer.</param>
    /// <param name="before">Blobs that were written later stay.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>How many were deleted.</returns>
    public async Task<int> PurgeAsync(string instanceId, DateTimeOffset before, CancellationToken cancellationToken)
    {
        var deleted = 0;
        try
        {
            var blobs = _container.GetBlobsAsync(BlobTraits.None, BlobStates.None, $"{instanceId}/", cancellationToken);
            await foreach (var blob in blobs)
            {
                if (blob.Properties.LastModified >= before) continue;
                await _container.DeleteBlobIfExistsAsync(blob.Name, cancellationToken: cancellationToken);
                deleted++;
            }
        }
        catch (RequestFailedException e) when (e.ErrorCode == "ContainerNotFound")
        {
            // No run has written anything yet.
        }

        return deleted;
    }

    private static string Name(string instanceId, string step) => $"{instanceId}/{step}.json";
}
