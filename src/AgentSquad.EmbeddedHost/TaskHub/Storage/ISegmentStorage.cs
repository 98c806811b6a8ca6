namespace AgentSquad.EmbeddedHost.TaskHub.Storage;

/// <summary>
/// The append blobs that the commit log lives in, with the conditions that fence its owner. Calls block: the log's own threads make them, so
/// that a thread pool that user code has exhausted delays no commit and no lease. Every call ends within the request time-out and throws
/// nothing but <see cref="HubStorageException"/> for what the storage answers.
/// </summary>
internal interface ISegmentStorage
{
    /// <summary>Names that begin with <paramref name="prefix"/>, in ascending order.</summary>
    IReadOnlyList<string> List(string prefix);

    /// <summary>Length, ETag and metadata; null when there is no such blob.</summary>
    SegmentInfo? GetInfo(string name);

    /// <summary>Creates an empty append blob. Returns its ETag, or null when the name is taken.</summary>
    string? Create(string name, IReadOnlyDictionary<string, string> metadata);

    /// <summary>Replaces the metadata and returns the new ETag. A null condition or lease is not sent.</summary>
    string SetMetadata(string name, IReadOnlyDictionary<string, string> metadata, string? ifMatch, string? leaseId);

    /// <summary>Takes the lease under an id of the caller's; taking it again under the same id extends it.</summary>
    void AcquireLease(string name, string leaseId, TimeSpan duration, string? ifMatch);

    /// <summary>Extends a lease that is held.</summary>
    void RenewLease(string name, string leaseId);

    /// <summary>Gives a lease back.</summary>
    void ReleaseLease(string name, string leaseId);

    /// <summary>Ends another's lease at once, if the blob is still the one that <paramref name="ifMatch"/> was read from.</summary>
    void BreakLease(string name, string ifMatch);

    /// <summary>Appends one block, if the lease is held and the blob is exactly <paramref name="position"/> bytes long.</summary>
    void Append(string name, ReadOnlyMemory<byte> block, string leaseId, long position);

    /// <summary>Reads exactly <paramref name="destination"/>'s length from <paramref name="offset"/>.</summary>
    void Read(string name, long offset, Memory<byte> destination);

    /// <summary>Deletes a blob; one that is gone already is fine. A null condition is not sent.</summary>
    void Delete(string name, string? ifMatch);
}

/// <summary>What a segment's blob says of itself.</summary>
/// <param name="Length">Bytes in the blob.</param>
/// <param name="Blocks">Appends that the blob has taken.</param>
/// <param name="ETag">Changes with every change of the blob, not with its lease.</param>
/// <param name="Metadata">Names the owner that last claimed it.</param>
/// <param name="Leased">Whether a lease is active right now.</param>
internal sealed record SegmentInfo(long Length, int Blocks, string ETag, IReadOnlyDictionary<string, string> Metadata, bool Leased);
