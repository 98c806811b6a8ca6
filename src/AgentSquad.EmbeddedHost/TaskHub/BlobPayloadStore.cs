using System.Runtime.CompilerServices;
using AgentSquad.EmbeddedHost.TaskHub.Storage;

namespace AgentSquad.EmbeddedHost.TaskHub;

/// <summary>Payloads and archived instances as blobs in a container of the hub.</summary>
internal sealed class BlobPayloadStore(IBlobStorage storage) : IPayloadStore
{
    private Task? _container;

    /// <inheritdoc />
    public async Task PutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await ContainerAsync(cancellationToken);
        await storage.PutAsync(name, content, onlyIfAbsent: false, cancellationToken);
    }

    /// <inheritdoc />
    public async Task<ReadOnlyMemory<byte>?> GetAsync(string name, CancellationToken cancellationToken)
    {
        // Not in one expression: null would become an empty memory on its way.
        var content = await storage.GetAsync(name, cancellationToken);
        if (content is null) return null;
        return content;
    }

    /// <inheritdoc />
    public async Task<ReadOnlyMemory<byte>?> GetRangeAsync(string name, long offset, int length, CancellationToken cancellationToken)
    {
        var content = await storage.GetRangeAsync(name, offset, length, cancellationToken);
        if (content is null) return null;
        return content;
    }

    /// <inheritdoc />
    public Task DeleteAsync(string name, CancellationToken cancellationToken) => storage.DeleteAsync(name, cancellationToken);

    /// <inheritdoc />
    public async IAsyncEnumerable<string> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await ContainerAsync(cancellationToken);
        await foreach (var name in storage.ListAsync(prefix, cancellationToken)) yield return name;
    }

    private async Task ContainerAsync(CancellationToken cancellationToken)
    {
        // Once is enough; a failure is tried again by the next writer.
        var container = _container;
        if (container is null || container.IsFaulted || container.IsCanceled)
            _container = container = storage.EnsureContainerAsync(cancellationToken);
        await container;
    }
}
