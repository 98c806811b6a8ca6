using AgentSquad.EmbeddedHost.Functions.Configuration;
using AgentSquad.EmbeddedHost.Functions.Discovery;
using AgentSquad.EmbeddedHost.Functions.Invocation;
using AgentSquad.EmbeddedHost.Functions.Queues;
using AgentSquad.EmbeddedHost.Functions.Timers;
using AgentSquad.EmbeddedHost.TaskHub;
using AgentSquad.EmbeddedHost.TaskHub.Storage;
using Azure.Core;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace AgentSquad.EmbeddedHost.Functions.Hosting;

/// <summary>Queue and timer triggers; they run while this process owns the task hub.</summary>
internal sealed class TriggerListeners(
    FunctionCatalog catalog,
    FunctionRunner runner,
    HostSettings settings,
    IConfiguration configuration,
    StorageConnections connections,
    QueueActivity activity,
    TimeProvider time,
    ILoggerFactory loggers) : IDisposable
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _abandon = new();
    private readonly List<Task> _running = [];
    private readonly List<QueueListener> _queues = [];

    /// <summary>
    /// Starts every listener. Throws <see cref="ForeignOwnerException"/> when a queue is another kind of host's: two would take each other's
    /// messages. Waits while storage does not answer.
    /// </summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var function in catalog.Of(FunctionTrigger.Queue)) await ClaimAsync(function, cancellationToken);
        _queues.AddRange(catalog.Of(FunctionTrigger.Queue).Select(QueueOf));
        _running.AddRange(_queues.Select(queue => Task.Run(() => queue.RunAsync(_stopping.Token, _abandon.Token))));
        _running.AddRange(catalog.Of(FunctionTrigger.Timer).Select(TimerOf).Select(timer => Task.Run(() => timer.RunAsync(_stopping.Token, _abandon.Token))));
    }

    /// <summary>Starts no further function and waits for those that run; when the token is cancelled they are cancelled as well.</summary>
    public async Task StopAsync(CancellationToken abandon)
    {
        await _stopping.CancelAsync();
        await using var registration = abandon.Register(_abandon.Cancel);
        await Task.WhenAll(_running);
    }

    public void Dispose()
    {
        _queues.ForEach(queue => queue.Dispose());
        _stopping.Dispose();
        _abandon.Dispose();
    }

    private async Task ClaimAsync(FunctionDescriptor function, CancellationToken cancellationToken)
    {
        var marker = OwnerMarker.On(connections.Account(ConnectionOf(function)));
        var outage = new Outage(loggers.CreateLogger("Host.Queues"), "Storage of the queues' owner markers");
        while (true)
        {
            try
            {
                await marker.ClaimQueueAsync(NameOf(function), cancellationToken);
                outage.Over();
                return;
            }
            catch (Exception problem) when (problem is HubStorageException or Azure.RequestFailedException or AggregateException)
            {
                outage.Here(problem);
            }

            await Task.Delay(PauseAfterFailure, time, cancellationToken);
        }
    }

    private static string ConnectionOf(FunctionDescriptor function)
        => ((QueueTriggerAttribute)function.TriggerAttribute).Connection ?? StorageConnections.DefaultName;

    private string NameOf(FunctionDescriptor function) => SettingText.Resolve(
        ((QueueTriggerAttribute)function.TriggerAttribute).QueueName, configuration, $"Function '{function.Name}': its queue name");

    private QueueListener QueueOf(FunctionDescriptor function)
    {
        var options = new QueueClientOptions { MessageEncoding = QueueMessageEncoding.None };
        BeBrief(options.Retry);
        var service = connections.Account(ConnectionOf(function)).CreateQueues(options);
        return new QueueListener(function, service, NameOf(function), settings.Queues, runner, activity, time, loggers.CreateLogger("Host.Queues"));
    }

    private TimerListener TimerOf(FunctionDescriptor function)
    {
        var trigger = (TimerTriggerAttribute)function.TriggerAttribute;
        var schedule = TimerSchedule.Parse(SettingText.Resolve(trigger.Schedule, configuration, $"Function '{function.Name}': its schedule"));
        var options = new BlobClientOptions();
        BeBrief(options.Retry);
        var memory = new BlobTimerMemory(
            connections.Account(StorageConnections.DefaultName).CreateBlobs(options), settings.HubName, time, loggers.CreateLogger("Host.Timers"));
        return new TimerListener(function, schedule, trigger, memory, runner, time);
    }

    // The listeners have their own pace of trying again, and say when they do.
    private static void BeBrief(RetryOptions retry)
    {
        retry.MaxRetries = 1;
        retry.NetworkTimeout = TimeSpan.FromSeconds(15);
    }
}
