using System.Net.Sockets;
using Azure;

namespace AgentSquad.EmbeddedHost.TaskHub.Storage;

/// <summary>Turns what the storage client throws into what the log distinguishes.</summary>
internal static class StorageErrors
{
    /// <summary>
    /// Whether the exception is the client's way to report an answer, a lost answer or a time-out. A connection that is closed while it is being
    /// opened comes as a bare <see cref="SocketException"/>.
    /// </summary>
    public static bool IsStorage(Exception exception) =>
        exception is RequestFailedException or HttpRequestException or SocketException or IOException or OperationCanceledException
            or TimeoutException or AggregateException;

    /// <summary>Translates; <paramref name="what"/> says what was attempted, for the message.</summary>
    public static HubStorageException Translate(Exception exception, string what)
    {
        if (exception is not RequestFailedException failed)
            return new HubStorageException(StorageFailure.Unavailable, $"{what}: {exception.Message}", exception);

        var failure = failed.Status switch
        {
            404 => StorageFailure.NotFound,
            409 => StorageFailure.Conflict,
            412 or 304 => StorageFailure.ConditionFailed,
            0 or 408 or 429 or >= 500 => StorageFailure.Unavailable,
            _ => StorageFailure.Rejected,
        };
        return new HubStorageException(failure, $"{what}: {failed.Status} {failed.ErrorCode}", exception);
    }
}
