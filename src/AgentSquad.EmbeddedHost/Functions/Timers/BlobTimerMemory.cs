using System.Text.Json;
using AgentSquad.EmbeddedHost.Functions.Queues;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace AgentSquad.EmbeddedHost.Functions.Timers;

/// <summary>Status of timers in blobs <c>azure-webjobs-hosts/timers/{hub}/{function}/status</c>, where Azure Functions keeps its own.</summary>
internal sealed class BlobTimerMemory(BlobServiceClient service, string hubName, TimeProvider time, ILogger logger) : ITimerMemory
{
    private readonly BlobContainerClient _container = service.GetBlobContainerClient("azure-webjobs-hosts");
    private readonly Outage _outage = new(logger, "Storage of timer status");

    public Task<ScheduleStatus?> ReadAsync(string function, CancellationToken cancellationToken) => PersistAsync(
        async () =>
        {
            try
            {
                var content = await BlobOf(function).DownloadContentAsync(cancellationToken);
                return content.Value.Content.ToObjectFromJson<ScheduleStatus>();
            }
            catch (RequestFailedException missing) when (missing.Status == 404)
            {
                return null;
            }
            catch (JsonException damaged)
            {
                logger.LogWarning("The status of timer {Function} is damaged and starts anew: {Problem}", function, damaged.Message);
                return null;
            }
        },
        cancellationToken);

    public Task WriteAsync(string function, ScheduleStatus status, CancellationToken cancellationToken) => PersistAsync<object?>(
        async () =>
        {
            try
            {
                await BlobOf(function).UploadAsync(BinaryData.FromObjectAsJson(status), overwrite: true, cancellationToken);
            }
            catch (RequestFailedException missing) when (missing.ErrorCode == BlobErrorCode.ContainerNotFound)
            {
                await _container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
                await BlobOf(function).UploadAsync(BinaryData.FromObjectAsJson(status), overwrite: true, cancellationToken);
            }

            return null;
        },
        cancellationToken);

    private BlobClient BlobOf(string function) => _container.GetBlobClient($"timers/{hubName}/{function}/status");

    private async Task<T> PersistAsync<T>(Func<Task<T>> attempt, CancellationToken cancellationToken)
    {
        var pace = new PollingPace(TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(5));
        while (true)
        {
            try
            {
                var result = await attempt();
                _outage.Over();
                return result;
            }
            catch (Exception problem) when (!cancellationToken.IsCancellationRequested)
            {
                _outage.Here(problem);
            }

            await Task.Delay(pace.Next(), time, cancellationToken);
        }
    }
}
