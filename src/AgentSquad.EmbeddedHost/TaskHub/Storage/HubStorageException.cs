namespace AgentSquad.EmbeddedHost.TaskHub.Storage;

/// <summary>How the storage refused, as far as the log has to know it.</summary>
internal enum StorageFailure
{
    /// <summary>No answer, a time-out or a server error: the request may or may not have taken effect.</summary>
    Unavailable,

    /// <summary>A condition of the request does not hold: append position, ETag, or a lease on the blob (412).</summary>
    ConditionFailed,

    /// <summary>The lease is another's, or in a state that forbids the request (409).</summary>
    Conflict,

    /// <summary>The blob or container is not there (404).</summary>
    NotFound,

    /// <summary>Anything else that the storage refuses: authorization, a bad request.</summary>
    Rejected,
}

/// <summary>A storage request that failed; carries the reason and never a secret.</summary>
internal sealed class HubStorageException(StorageFailure failure, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>Why the request failed.</summary>
    public StorageFailure Failure { get; } = failure;
}
