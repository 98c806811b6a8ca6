using AgentSquad.EmbeddedHost.TaskHub.Storage;
using Azure.Identity;

namespace AgentSquad.EmbeddedHost.TaskHub.ReadModel;

/// <summary>What the writers of tables make of what the storage client throws. A read model may be wrong in a row, but never stop.</summary>
internal static class TableTrouble
{
    /// <summary>
    /// How often a row is tried that fails for a reason which <see cref="IsAway"/> does not know: it may be a passing one all the same, but the
    /// rows behind it must not wait for it for ever.
    /// </summary>
    public const int MostAttempts = 3;

    /// <summary>Whether the storage, or whoever lets this process in, does not answer: it passes, and until then no other row fares better.</summary>
    public static bool IsAway(Exception exception) =>
        StorageErrors.IsStorage(exception) || exception is HubStorageException or AuthenticationFailedException;
}
