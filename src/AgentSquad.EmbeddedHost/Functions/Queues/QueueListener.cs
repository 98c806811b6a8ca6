using System.Diagnostics.CodeAnalysis;
using AgentSquad.EmbeddedHost.Functions.Binding;
using AgentSquad.EmbeddedHost.Functions.Configuration;
using AgentSquad.EmbeddedHost.Functions.Discovery;
using AgentSquad.EmbeddedHost.Functions.Invocation;
using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Microsoft.Extensions.Logging;

namespace AgentSquad.EmbeddedHost.Functions.Queues;

/// <summary>Takes messages of one queue to one function.</summary>
/// <remarks>
/// A message in work is hidden from others for <see cref="Lease"/> at a time, renewed until its function ends: when this process dies, the
/// message is back after that. It is deleted after success, comes back after <c>visibilityTimeout</c> after a failure, and goes to the
/// poison queue after <c>maxDequeueCount</c> attempts.
/// </remarks>
internal sealed class QueueListener(
    FunctionDescriptor function, QueueServiceClient service, string queueName, QueueSettings settings, FunctionRunner runner, QueueActivity activity,
    TimeProvider time, ILogger logger) : IDisposable
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(7);
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestOutagePause = TimeSpan.FromSeconds(5);

    // Between two looks that found less than a batch: under steady load a look then takes what came meanwhile, instead of one message each.
    private static readonly TimeSpan Spacing = TimeSpan.FromMilliseconds(50);

    private readonly QueueClient _queue = service.GetQueueClient(queueName);
    private readonly QueueClient _poison = service.GetQueueClient(QueueNames.PoisonOf(queueName));
    private readonly Outage _outage = new(logger, $"The queue {queueName}");
    private readonly SemaphoreSlim _finished = new(0);
    private int _running;

    /// <summary>Listens until cancelled, then waits for the functions that run.</summary>
    /// <param name="stopping">Takes no further message.</param>
    /// <param name="abandon">Cancels the functions that still run.</param>
    public async Task RunAsync(CancellationToken stopping, CancellationToken abandon)
    {
        var idle = new PollingPace(ShortestPause, settings.MaxPollingInterval);
        var trouble = new PollingPace(ShortestPause, LongestOutagePause);
        var isReady = false;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                if (!isReady)
                {
                    await _queue.CreateIfNotExistsAsync(cancellationToken: stopping);
                    isReady = true;
                }

                var looked = time.GetTimestamp();
                var signal = activity.Next;
                var messages = await ReceiveAsync(stopping);
                _outage.Over();
                trouble.Reset();
                foreach (var message in messages) Start(message, abandon);
                if (messages.Length > 0)
                {
                    idle.Reset();
                    await WaitForRoomAsync(stopping);
                }
                else
                {
                    await Task.WhenAny(signal, Task.Delay(idle.Next(), time, stopping));
                }

                if (messages.Length < settings.BatchSize && Spacing - time.GetElapsedTime(looked) is { Ticks: > 0 } early) await Task.Delay(early, time, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                break;
            }
            catch (Exception problem)
            {
                // Whatever it is, the next look may do better. A queue that was deleted is made again.
                isReady = false;
                _outage.Here(problem);
                await Task.Delay(trouble.Next(), time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        while (Volatile.Read(ref _running) > 0) await _finished.WaitAsync(CancellationToken.None);
    }

    public void Dispose() => _finished.Dispose();

    private async Task<QueueMessage[]> ReceiveAsync(CancellationToken cancellationToken)
        => (await _queue.ReceiveMessagesAsync(settings.BatchSize, Lease, cancellationToken)).Value;

    private async Task WaitForRoomAsync(CancellationToken stopping)
    {
        while (Volatile.Read(ref _running) > settings.NewBatchThreshold) await _finished.WaitAsync(stopping);
    }

    private void Start(QueueMessage message, CancellationToken abandon)
    {
        Interlocked.Increment(ref _running);
        _ = Task.Run(() => ProcessAsync(message, abandon), CancellationToken.None);
    }

    [SuppressMessage("Design", "CA1031", Justification = "Nothing that a message does may end its listener.")]
    private async Task ProcessAsync(QueueMessage message, CancellationToken abandon)
    {
        try
        {
            var handle = new MessageHandle(_queue, message, time, logger);
            if (!MessageText.TryDecode(message, settings.IsBase64, out var decoded))
            {
                logger.LogError("Message {MessageId} of queue {Queue} is not Base64 and goes to the poison queue", message.MessageId, queueName);
                await MoveToPoisonAsync(message, handle);
                return;
            }

            bool succeeded;
            await using (handle.KeepHidden(Lease, RenewEvery)) succeeded = await RunFunctionAsync(decoded, abandon);
            if (succeeded) await handle.DeleteAsync();
            else if (abandon.IsCancellationRequested) await handle.ReleaseAsync(TimeSpan.Zero);
            else if (message.DequeueCount >= settings.MaxDequeueCount) await MoveToPoisonAsync(message, handle);
            else await handle.ReleaseAsync(settings.VisibilityTimeout);
        }
        catch (Exception problem)
        {
            // The message stays hidden for the rest of its lease and then comes back.
            _outage.Here(problem);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
            _finished.Release();
        }
    }

    private async Task<bool> RunFunctionAsync(QueueMessage message, CancellationToken abandon)
    {
        try
        {
            await runner.RunAsync(function, new TriggerValue(message, MessageText.DataOf(message)), null, abandon);
            return true;
        }
        catch (Exception)
        {
            // Logged by the runner, with function and invocation.
            return false;
        }
    }

    private async Task MoveToPoisonAsync(QueueMessage message, MessageHandle handle)
    {
        var forEver = TimeSpan.FromSeconds(-1);
        try
        {
            await _poison.SendMessageAsync(message.Body, timeToLive: forEver);
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == QueueErrorCode.QueueNotFound)
        {
            await _poison.CreateIfNotExistsAsync();
            await _poison.SendMessageAsync(message.Body, timeToLive: forEver);
        }

        await handle.DeleteAsync();
        logger.LogError(
            "Message {MessageId} of queue {Queue} went to {PoisonQueue} after {Attempts} attempts",
            message.MessageId, queueName, _poison.Name, message.DequeueCount);
    }
}
