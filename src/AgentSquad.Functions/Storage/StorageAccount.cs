using Azure.Core;
using Azure.Data.Tables;
using Azure.Identity;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Microsoft.Extensions.Configuration;

namespace AgentSquad.Functions.Storage;

/// <summary>
/// The storage account behind <c>AzureWebJobsStorage</c>, in each of the forms that Azure Functions accepts: a connection string
/// (<c>UseDevelopmentStorage=true</c> is Azurite), or an identity with <c>AzureWebJobsStorage__accountName</c> or the three service addresses.
/// </summary>
internal sealed class StorageAccount
{
    private const string Development = "UseDevelopmentStorage=true";

    // Jira gives a webhook a few seconds; an account that does not answer by then is down as far as the sender is concerned.
    private static readonly TimeSpan IntakeTimeout = TimeSpan.FromSeconds(2);

    private readonly BlobServiceClient _blobs;
    private readonly QueueServiceClient _queues;
    private readonly TableServiceClient _tables;
    private readonly BlobServiceClient _intakeBlobs;
    private readonly QueueServiceClient _intakeQueues;

    private readonly string _prefix;

    /// <summary>Makes the clients; no request is sent.</summary>
    /// <param name="configuration">The app's configuration.</param>
    /// <param name="prefix">Put before every name, so that several apps can share an account. Lower-case letters and digits; default none.</param>
    /// <exception cref="InvalidOperationException">The setting is unusable; the message names it and the fix.</exception>
    public StorageAccount(IConfiguration configuration, string prefix = "")
    {
        _prefix = prefix;
        var section = configuration.GetSection(StorageNames.Connection);
        if (section["accountName"] is null && section["blobServiceUri"] is null)
        {
            var connection = section.Value;
            if (string.IsNullOrWhiteSpace(connection)) connection = Development;
            try
            {
                _blobs = new(connection, Hurried(new BlobClientOptions(), 3));
                _queues = new(connection, Hurried(new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 }, 3));
                _tables = new(connection, Hurried(new TableClientOptions(), 3));
                _intakeBlobs = new(connection, Hurried(new BlobClientOptions(), 0));
                _intakeQueues = new(connection, Hurried(new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 }, 0));
            }
            catch (Exception e) when (e is FormatException or ArgumentException or InvalidOperationException)
            {
                // The SDK's message may quote the connection string, which holds the key.
                throw new InvalidOperationException(
                    $"{StorageNames.Connection} is no storage connection string. Set it to the account's connection string, or to {Development} for Azurite.");
            }

            return;
        }

        TokenCredential credential = new DefaultAzureCredential(
            new DefaultAzureCredentialOptions { ManagedIdentityClientId = section["clientId"] });
        _blobs = new(Service(section, "blob"), credential, Hurried(new BlobClientOptions(), 3));
        _queues = new(Service(section, "queue"), credential, Hurried(new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 }, 3));
        _tables = new(Service(section, "table"), credential, Hurried(new TableClientOptions(), 3));
        _intakeBlobs = new(Service(section, "blob"), credential, Hurried(new BlobClientOptions(), 0));
        _intakeQueues = new(Service(section, "queue"), credential, Hurried(new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 }, 0));
    }

    /// <summary>A table.</summary>
    public TableClient Table(string name) => _tables.GetTableClient(_prefix + name);

    /// <summary>A blob container.</summary>
    public BlobContainerClient Container(string name) => _blobs.GetBlobContainerClient(_prefix + name);

    /// <summary>A queue; messages are Base64 on the wire.</summary>
    public QueueClient Queue(string name) => _queues.GetQueueClient(_prefix + name);

    /// <summary>A blob container for the webhook's path: one try, short time-out.</summary>
    public BlobContainerClient IntakeContainer(string name) => _intakeBlobs.GetBlobContainerClient(_prefix + name);

    /// <summary>A queue for the webhook's path: one try, short time-out; messages are Base64 on the wire.</summary>
    public QueueClient IntakeQueue(string name) => _intakeQueues.GetQueueClient(_prefix + name);

    private static Uri Service(IConfigurationSection section, string service)
    {
        var address = section[$"{service}ServiceUri"];
        if (address is null && section["accountName"] is { } account) address = $"https://{account}.{service}.core.windows.net";
        return Uri.TryCreate(address, UriKind.Absolute, out var uri)
            ? uri
            : throw new InvalidOperationException(
                $"{StorageNames.Connection}__{service}ServiceUri is missing or no address. Set it, or set {StorageNames.Connection}__accountName alone.");
    }

    private static T Hurried<T>(T options, int retries)
        where T : ClientOptions
    {
        options.Retry.MaxRetries = retries;
        options.Retry.NetworkTimeout = retries == 0 ? IntakeTimeout : TimeSpan.FromSeconds(20);
        return options;
    }
}
