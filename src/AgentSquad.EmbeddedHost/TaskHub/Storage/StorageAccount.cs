using Azure.Core;
using Azure.Data.Tables;
using Azure.Identity;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Microsoft.Extensions.Configuration;

namespace AgentSquad.EmbeddedHost.TaskHub.Storage;

/// <summary>
/// The storage account behind a connection setting. As on Azure, a setting is either a connection string or a group: <c>accountName</c>, or
/// <c>blobServiceUri</c>, <c>queueServiceUri</c> and <c>tableServiceUri</c>, reached with the identity of the process; <c>clientId</c> names one of several.
/// </summary>
internal sealed class StorageAccount
{
    private readonly string? _connectionString;
    private readonly TokenCredential? _credential;
    private readonly Func<string, Uri>? _endpoint;

    private StorageAccount(string? connectionString, TokenCredential? credential, Func<string, Uri>? endpoint)
    {
        _connectionString = connectionString;
        _credential = credential;
        _endpoint = endpoint;
    }

    /// <summary>An account reached by its connection string; <c>UseDevelopmentStorage=true</c> is Azurite on its usual ports.</summary>
    public static StorageAccount FromConnectionString(string connectionString) => new(connectionString, null, null);

    /// <summary>Reads the setting of that name; throws when it is missing or incomplete, naming what to set.</summary>
    public static StorageAccount FromConfiguration(IConfiguration configuration, string name)
    {
        var section = configuration.GetSection(name);
        if (!string.IsNullOrWhiteSpace(section.Value)) return FromConnectionString(section.Value);

        var account = section["accountName"];
        _ = Endpoint("blob");
        var credential = new DefaultAzureCredential(new DefaultAzureCredentialOptions { ManagedIdentityClientId = section["clientId"] });
        return new StorageAccount(null, credential, Endpoint);

        Uri Endpoint(string service) =>
            section[$"{service}ServiceUri"] is { Length: > 0 } uri ? new Uri(uri)
            : !string.IsNullOrWhiteSpace(account) ? new Uri($"https://{account}.{service}.core.windows.net")
            : throw new InvalidOperationException(
                $"The setting '{name}' is missing. Set it to a connection string (UseDevelopmentStorage=true for Azurite), " +
                $"or set '{name}__accountName' or '{name}__{service}ServiceUri' to use the identity of the process.");
    }

    /// <summary>A client for the account's blobs.</summary>
    public BlobServiceClient CreateBlobs(BlobClientOptions? options = null) =>
        _connectionString is not null
            ? new BlobServiceClient(_connectionString, options)
            : new BlobServiceClient(_endpoint!("blob"), _credential, options);

    /// <summary>A client for the account's queues.</summary>
    public QueueServiceClient CreateQueues(QueueClientOptions? options = null) =>
        _connectionString is not null
            ? new QueueServiceClient(_connectionString, options)
            : new QueueServiceClient(_endpoint!("queue"), _credential, options);

    /// <summary>A client for the account's tables.</summary>
    public TableServiceClient CreateTables(TableClientOptions? options = null) =>
        _connectionString is not null
            ? new TableServiceClient(_connectionString, options)
            : new TableServiceClient(_endpoint!("table"), _credential, options);
}
