namespace AgentSquad.EmbeddedHost.TaskHub.Log;

/// <summary>What the writer is asked to do.</summary>
internal enum WriterRequest
{
    /// <summary>Append a record.</summary>
    Record,

    /// <summary>Prove ownership.</summary>
    Fence,

    /// <summary>Go on in a new segment if the current one holds enough.</summary>
    RollOver,
}

/// <summary>
/// A request that waits for the writer, and the task of who made it. Continuations never run on the writer's thread: user code hangs on them.
/// </summary>
internal sealed class PendingRecord(WriterRequest request, ReadOnlyMemory<byte> payload)
    : TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    /// <summary>What to do.</summary>
    public WriterRequest Request => request;

    /// <summary>The engine's bytes; empty for what is no record.</summary>
    public ReadOnlyMemory<byte> Payload => payload;
}
