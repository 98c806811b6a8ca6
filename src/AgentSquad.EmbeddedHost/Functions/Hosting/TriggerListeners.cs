using AgentSquad.EmbeddedHost.Functions.Configuration;
using AgentSquad.EmbeddedHost.Functions.Discovery;
using AgentSquad.EmbeddedHost.Functions.Invocation;
using AgentSquad.EmbeddedHost.Functions.Queues;
using AgentSquad.EmbeddedHost.Functions.Timers;
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
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _abandon = new();
    private readonly List<Task> _running = [];
    private readonly List<QueueListener> _queues = [];

    /// <summary>Starts every listener.</summary>
    public void Start()
    {
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

    private QueueListener QueueOf(FunctionDescriptor function)
    {
        var trigger = (QueueTriggerAttribute)function.TriggerAttribute;
        var name = SettingText.Resolve(trigger.QueueName, configuration, $"Function '{function.Name}': its queue name");
        var options = new QueueClientOptions { MessageEncoding = QueueMessageEncoding.None };
        BeBrief(options.Retry);
        var service = connections.Account(trigger.Connection ?? StorageConnections.DefaultName).CreateQueues(options);
        return new QueueListener(function, service, name, settings.Queues, runner, activity, time, loggers.CreateLogger("Host.Queues"));
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
