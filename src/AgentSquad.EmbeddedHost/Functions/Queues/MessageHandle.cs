using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Microsoft.Extensions.Logging;

namespace AgentSquad.EmbeddedHost.Functions.Queues;

/// <summary>Our hold on a message that is in work; every change of it gives a new pop receipt.</summary>
internal sealed class MessageHandle(QueueClient queue, QueueMessage message, TimeProvider time, ILogger logger)
{
    private string _receipt = message.PopReceipt;

    /// <summary>Keeps the message hidden until disposed.</summary>
    public IAsyncDisposable KeepHidden(TimeSpan lease, TimeSpan renewEvery) => new Renewal(this, lease, renewEvery);

    /// <summary>The message is done.</summary>
    public async Task DeleteAsync()
    {
        try
        {
            await queue.DeleteMessageAsync(message.MessageId, _receipt);
        }
        catch (RequestFailedException gone) when (IsGone(gone))
        {
            logger.LogDebug("Message {MessageId} is already gone or taken again", message.MessageId);
        }
    }

    /// <summary>The message shall be tried again.</summary>
    public async Task ReleaseAsync(TimeSpan after)
    {
        try
        {
            await queue.UpdateMessageAsync(message.MessageId, _receipt, visibilityTimeout: after);
        }
        catch (RequestFailedException gone) when (IsGone(gone))
        {
            logger.LogDebug("Message {MessageId} is already gone or taken again", message.MessageId);
        }
    }

    private static bool IsGone(RequestFailedException problem) => problem.Status == 404 || problem.ErrorCode == QueueErrorCode.PopReceiptMismatch;

    private async Task RenewAsync(TimeSpan lease, TimeSpan renewEvery, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(renewEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                try
                {
                    // Not cancelled half-way: a receipt that was given out must be known here.
                    UpdateReceipt updated = await queue.UpdateMessageAsync(message.MessageId, _receipt, visibilityTimeout: lease, cancellationToken: CancellationToken.None);
                    _receipt = updated.PopReceipt;
                }
                catch (RequestFailedException problem) when (!IsGone(problem))
                {
                    logger.LogDebug(problem, "Message {MessageId} could not be kept hidden; tried again", message.MessageId);
                }
            }
        }
        catch (RequestFailedException)
        {
            // Gone: what the function does now may be done a second time; deleting will say so.
        }
        catch (OperationCanceledException)
        {
            // The function ended.
        }
    }

    private sealed class Renewal : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _loop;

        public Renewal(MessageHandle handle, TimeSpan lease, TimeSpan renewEvery) => _loop = handle.RenewAsync(lease, renewEvery, _stop.Token);

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _loop;
            _stop.Dispose();
        }
    }
}
