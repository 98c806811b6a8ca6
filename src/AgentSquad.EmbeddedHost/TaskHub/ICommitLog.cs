namespace AgentSquad.EmbeddedHost.TaskHub;

/// <summary>
/// The log that every change of an instance goes through. One owner, fenced; see the storage layout in docs/task-hub.md.
/// </summary>
/// <remarks>
/// Life: <see cref="OpenAsync"/> once (becomes owner, yields what to rebuild from), then <see cref="Append"/> and, from time to time,
/// <see cref="CheckpointAsync"/>. Records are opaque bytes here. Thread-safe after open.
/// </remarks>
internal interface ICommitLog : IAsyncDisposable
{
    /// <summary>
    /// Becomes the owner and reads back: the newest checkpoint's content (or null) and every record after it, in commit order. Waits as
    /// standby while another process owns the hub. Throws <see cref="TaskHubCorruptException"/> with a position when a record is damaged.
    /// </summary>
    Task<LogRecovery> OpenAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Queues one record. Records become durable in the order of the calls, many to one storage append. The task completes when the record
    /// is durable, with its sequence number; it fails with <see cref="TaskHubLostException"/> when ownership is gone: nothing that was not
    /// acknowledged may then be acted on. Completions run on the log's own thread: continue elsewhere.
    /// </summary>
    Task<long> Append(ReadOnlyMemory<byte> record);

    /// <summary>
    /// Writes a checkpoint that stands for every record up to and including <paramref name="sequence"/>, then drops the segments that hold
    /// nothing newer. A crash anywhere in between leaves the older checkpoint valid.
    /// </summary>
    Task CheckpointAsync(long sequence, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken);

    /// <summary>Sequence number of the newest durable record; 0 before the first.</summary>
    long LastDurableSequence { get; }

    /// <summary>Bytes appended since the newest checkpoint: tells the owner when the next is due.</summary>
    long BytesSinceCheckpoint { get; }

    /// <summary>Cancelled when ownership is lost. The process must stop acting on the hub at once.</summary>
    CancellationToken OwnershipLost { get; }
}

/// <summary>What a new owner rebuilds its state from.</summary>
/// <param name="Checkpoint">Content of the newest checkpoint, or null for a young hub.</param>
/// <param name="CheckpointSequence">The last sequence that the checkpoint stands for; 0 without one.</param>
/// <param name="Records">Every durable record after the checkpoint, in order. Enumerate once, to the end, before the first append.</param>
internal sealed record LogRecovery(ReadOnlyMemory<byte>? Checkpoint, long CheckpointSequence, IAsyncEnumerable<LogRecord> Records);

/// <summary>One durable record.</summary>
/// <param name="Sequence">Its sequence number; consecutive from 1.</param>
/// <param name="Payload">The bytes that were appended.</param>
internal readonly record struct LogRecord(long Sequence, ReadOnlyMemory<byte> Payload);

/// <summary>Ownership of the hub was lost or its storage stayed away; what was not acknowledged may or may not be in the log.</summary>
internal sealed class TaskHubLostException(string message, Exception? innerException = null) : Exception(message, innerException);

/// <summary>The hub's stored state is damaged; the message says where. The hub refuses to guess.</summary>
internal sealed class TaskHubCorruptException(string message, Exception? innerException = null) : Exception(message, innerException);
