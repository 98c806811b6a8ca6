using System.Buffers.Text;
using System.Text;
using AgentSquad.Cli.Settings;
using Azure;
using Azure.Identity;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;

namespace AgentSquad.Cli.Poison;

/// <summary>The events that the function app gave up on, and the queue that they came from.</summary>
/// <param name="queues">The queues of the function app's storage account.</param>
internal sealed class PoisonQueue(QueueServiceClient queues)
{
    private const string IntakeName = "jira-events";
    private const int Page = 32;
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Forever = TimeSpan.FromSeconds(-1);

    private readonly QueueClient _intake = queues.GetQueueClient(IntakeName);
    private readonly QueueClient _poison = queues.GetQueueClient(IntakeName + "-poison");

    /// <summary>The queues behind a connection string.</summary>
    public PoisonQueue(string connection)
        : this(new QueueServiceClient(connection))
    {
    }

    /// <summary>
    /// The queues behind the settings of the function app: <c>AzureWebJobsStorage</c>, or <c>AzureWebJobsStorage__accountName</c> or
    /// <c>__queueServiceUri</c> with the identity of whoever runs the command, such as that of <c>az login</c>.
    /// </summary>
    /// <exception cref="CliException">None of them is set.</exception>
    public static PoisonQueue Of(SquadSettings settings)
    {
        const string Setting = "AzureWebJobsStorage";
        if (settings.FindText(Setting) is { } connection) return new PoisonQueue(connection);
        var address = settings.FindText($"{Setting}__queueServiceUri")
            ?? (settings.FindText($"{Setting}__accountName") is { } account ? $"https://{account}.queue.core.windows.net" : null);
        return Uri.TryCreate(address, UriKind.Absolute, out var uri)
            ? new PoisonQueue(new QueueServiceClient(uri, new DefaultAzureCredential()))
            : throw new CliException(
                $"No storage is known: start a system with 'squad up', or set {Setting} or {Setting}__accountName to the function app's.");
    }

    /// <summary>The oldest messages, at most 32: storage shows no more without taking them.</summary>
    public async Task<IReadOnlyList<PoisonMessage>> PeekAsync(CancellationToken cancellation)
    {
        try
        {
            var messages = await _poison.PeekMessagesAsync(Page, cancellation);
            return [.. messages.Value.Select(m => new PoisonMessage(m.MessageId, m.InsertedOn, Decode(m.MessageText)))];
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            return [];
        }
    }

    /// <summary>How many there are, about.</summary>
    public async Task<int> CountAsync(CancellationToken cancellation)
    {
        try
        {
            return (await _poison.GetPropertiesAsync(cancellation)).Value.ApproximateMessagesCount;
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            return 0;
        }
    }

    /// <summary>How many events wait for the function app or are being processed, about.</summary>
    public async Task<int> CountIntakeAsync(CancellationToken cancellation)
    {
        try
        {
            return (await _intake.GetPropertiesAsync(cancellation)).Value.ApproximateMessagesCount;
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            return 0;
        }
    }

    /// <summary>Puts messages back on the intake queue; each is deleted here only after it is there.</summary>
    /// <param name="id">The one to put back; null means all.</param>
    /// <param name="cancellation">Stops between two messages.</param>
    /// <returns>How many were put back.</returns>
    public async Task<int> RedriveAsync(string? id, CancellationToken cancellation)
    {
        var moved = 0;
        var held = new List<QueueMessage>();
        try
        {
            await _intake.CreateIfNotExistsAsync(cancellationToken: cancellation);
            while (id is null || moved == 0)
            {
                var page = await _poison.ReceiveMessagesAsync(Page, Hold, cancellation);
                if (page.Value.Length == 0) break;
                foreach (var message in page.Value)
                {
                    if (id is not null && message.MessageId != id)
                    {
                        held.Add(message);
                        continue;
                    }

                    await _intake.SendMessageAsync(message.MessageText, timeToLive: Forever, cancellationToken: cancellation);
                    await _poison.DeleteMessageAsync(message.MessageId, message.PopReceipt, CancellationToken.None);
                    moved++;
                }
            }
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            return moved;
        }
        finally
        {
            foreach (var message in held)
            {
                await _poison.UpdateMessageAsync(message.MessageId, message.PopReceipt, visibilityTimeout: TimeSpan.Zero, cancellationToken: CancellationToken.None);
            }
        }

        return moved;
    }

    private static string Decode(string text) =>
        Base64.IsValid(text) ? Encoding.UTF8.GetString(Convert.FromBase64String(text)) : text;
}
