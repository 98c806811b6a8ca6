namespace AgentSquad.EmbeddedHost.TaskHub;

/// <summary>
/// Blobs beside the log: large payloads, archived instances. A blob is complete before anything refers to it, and is never changed.
/// </summary>
internal interface IPayloadStore
{
    /// <summary>Writes a blob under a name that is unique for ever; writing the same name again replaces it with the same content.</summary>
    Task PutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Reads a blob; null when it is gone.</summary>
    Task<ReadOnlyMemory<byte>?> GetAsync(string name, CancellationToken cancellationToken);

    /// <summary>Reads bytes of a blob; null when it is gone.</summary>
    Task<ReadOnlyMemory<byte>?> GetRangeAsync(string name, long offset, int length, CancellationToken cancellationToken);

    /// <summary>Deletes a blob; one that is gone already is fine.</summary>
    Task DeleteAsync(string name, CancellationToken cancellationToken);

    /// <summary>Names that begin with <paramref name="prefix"/>.</summary>
    IAsyncEnumerable<string> ListAsync(string prefix, CancellationToken cancellationToken);
}
