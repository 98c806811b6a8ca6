using AgentSquad.Functions.Storage;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;

namespace AgentSquad.Functions.Webhook;

/// <summary>Where accepted webhooks wait. A message is durable when <see cref="AddAsync"/> returns.</summary>
internal interface IEventQueue
{
    /// <summary>Puts an event on the queue.</summary>
    /// <exception cref="EventQueueUnavailableException">Storage did not take it; the sender should deliver again.</exception>
    Task AddAsync(EventMessage message, CancellationToken cancellationToken);

    /// <summary>Puts an event that could not be processed back on the queue, alone, to be tried again after a while.</summary>
    Task ReturnAsync(EventMessage message, CancellationToken cancellationToken);

    /// <summary>The message with its body, read from its blob when it has one; null when the blob is gone, so that it was processed before.</summary>
    Task<EventMessage?> LoadAsync(EventMessage message, CancellationToken cancellationToken);

    /// <summary>Forgets the message's blob once the event is processed; one without a blob needs nothing.</summary>
    Task ForgetAsync(EventMessage message, CancellationToken cancellationToken);
}

/// <summary>Storage cannot take an event now.</summary>
internal sealed class EventQueueUnavailableException : Exception
{
    public EventQueueUnavailableException() { }

    public EventQueueUnavailableException(string message) : base(message) { }

    public EventQueueUnavailableException(string message, Exception innerException) : base(message, innerException) { }
}

/// <summary>
/// The queue on the storage account. Messages never expire; a body over 45 KiB travels in a blob; events that come faster than storage takes
/// messages travel together.
/// </summary>
internal sealed class EventQueue : IEventQueue
{
    /// <summary>Largest body inside a message. Base64 makes 60 KiB of it, and a message may have 64.</summary>
    public const int LargestInline = 45 * 1024;

    private static readonly TimeSpan Never = TimeSpan.FromSeconds(-1);

    // In all, so that the sender has its 503 while it still waits for an answer.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    // As host.json's visibilityTimeout, which a message whose function failed stays away for.
    private static readonly TimeSpan UntilNextAttempt = TimeSpan.FromSeconds(10);

    private readonly StorageAccount _account;
    private readonly QueueClient _queue;
    private readonly BlobContainerClient _payloads;
    private readonly EventPacker _packer;

    /// <summary>Makes the clients; no request is sent.</summary>
    public EventQueue(StorageAccount account, TimeProvider time)
    {
        _account = account;
        _queue = account.IntakeQueue(StorageNames.EventQueue);
        _payloads = account.IntakeContainer(StorageNames.PayloadContainer);
        _packer = new EventPacker(SendAsync, time);
    }

    /// <inheritdoc/>
    public async Task AddAsync(EventMessage message, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            if (message.Body.Length > LargestInline) message = await SpillAsync(message, patience.Token);
            await _packer.SendAsync(message.Write(), patience.Token);
        }
        catch (Exception e) when (e is RequestFailedException or AggregateException or OperationCanceledException or IOException
            && !cancellationToken.IsCancellationRequested)
        {
            throw new EventQueueUnavailableException("Storage did not take the event.", e);
        }
    }

    /// <inheritdoc/>
    public Task ReturnAsync(EventMessage message, CancellationToken cancellationToken) =>
        _account.Queue(StorageNames.EventQueue).SendMessageAsync(message.Write(), UntilNextAttempt, Never, cancellationToken);

    /// <inheritdoc/>
    public async Task<EventMessage?> LoadAsync(EventMessage message, CancellationToken cancellationToken)
    {
        if (message.Blob is null) return message;
        try
        {
            var content = await Payload(message.Blob).DownloadContentAsync(cancellationToken);
            return message with { Body = content.Value.Content.ToMemory() };
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async Task ForgetAsync(EventMessage message, CancellationToken cancellationToken)
    {
        if (message.Blob is not null) await Payload(message.Blob).DeleteIfExistsAsync(cancellationToken: cancellationToken);
    }

    private async Task SendAsync(BinaryData message)
    {
        using var patience = new CancellationTokenSource(Patience);
        await EnsureExists.RunAsync<Response<SendReceipt>>(
            () => _queue.SendMessageAsync(message, timeToLive: Never, cancellationToken: patience.Token),
            () => _queue.CreateIfNotExistsAsync(cancellationToken: patience.Token));
    }

    private async Task<EventMessage> SpillAsync(EventMessage message, CancellationToken cancellationToken)
    {
        // A name of its own for each copy of a delivery: processing one copy must not take the body from another.
        var name = $"{message.DeliveryId}/{Guid.NewGuid():N}.json";
        await EnsureExists.RunAsync(
            () => _payloads.GetBlobClient(name).UploadAsync(BinaryData.FromBytes(message.Body), cancellationToken),
            () => _payloads.CreateIfNotExistsAsync(cancellationToken: cancellationToken));
        return message with { Body = ReadOnlyMemory<byte>.Empty, Blob = name };
    }

    // Processing has time that accepting has not.
    private BlobClient Payload(string name) => _account.Container(StorageNames.PayloadContainer).GetBlobClient(name);
}
