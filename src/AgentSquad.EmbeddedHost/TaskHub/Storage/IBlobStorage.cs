namespace AgentSquad.EmbeddedHost.TaskHub.Storage;

/// <summary>Whole blobs of one container: checkpoints, payloads, markers. A blob appears complete or not at all.</summary>
internal interface IBlobStorage
{
    /// <summary>Creates the container unless it is there.</summary>
    Task EnsureContainerAsync(CancellationToken cancellationToken);

    /// <summary>Writes or replaces a blob. With <paramref name="onlyIfAbsent"/>, returns false and changes nothing when the name is taken.</summary>
    Task<bool> PutAsync(string name, ReadOnlyMemory<byte> content, bool onlyIfAbsent, CancellationToken cancellationToken);

    /// <summary>Writes or replaces a blob from a stream of unknown length; nothing is visible until <paramref name="write"/> has returned.</summary>
    Task PutAsync(string name, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken);

    /// <summary>Reads a blob; null when it is not there.</summary>
    Task<byte[]?> GetAsync(string name, CancellationToken cancellationToken);

    /// <summary>Reads bytes of a blob from an offset within it, fewer if it ends before; null when it is not there.</summary>
    Task<byte[]?> GetRangeAsync(string name, long offset, int length, CancellationToken cancellationToken);

    /// <summary>Deletes a blob; one that is gone already is fine.</summary>
    Task DeleteAsync(string name, CancellationToken cancellationToken);

    /// <summary>Names that begin with <paramref name="prefix"/>, in ascending order.</summary>
    IAsyncEnumerable<string> ListAsync(string prefix, CancellationToken cancellationToken);
}
