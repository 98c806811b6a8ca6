using Azure;

namespace AgentSquad.Functions.Storage;

/// <summary>Creates tables, queues and containers when an operation finds them missing, so that no start-up order is needed.</summary>
internal static class EnsureExists
{
    /// <summary>Runs an operation; when its table, queue or container is missing, creates that and runs it once more.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="create">Creates what is missing; must accept that it exists.</param>
    public static async Task<T> RunAsync<T>(Func<Task<T>> operation, Func<Task> create)
    {
        try
        {
            return await operation();
        }
        catch (RequestFailedException e) when (e.ErrorCode is "TableNotFound" or "QueueNotFound" or "ContainerNotFound")
        {
            await create();
            return await operation();
        }
    }
}
