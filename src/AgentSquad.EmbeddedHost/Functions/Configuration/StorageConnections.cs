using Azure.Core;
using Azure.Identity;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Microsoft.Extensions.Configuration;

namespace AgentSquad.EmbeddedHost.Functions.Configuration;

/// <summary>Storage clients for named connections: a connection string, or the address of a service or account with an identity.</summary>
internal sealed class StorageConnections(IConfiguration settings)
{
    /// <summary>The connection that everything uses unless told otherwise.</summary>
    public const string DefaultName = "AzureWebJobsStorage";

    private const string Azurite = "UseDevelopmentStorage=true";

    private readonly Lazy<TokenCredential> _identity = new(() => new DefaultAzureCredential());

    /// <summary>
    /// The connection string of a name, also under the prefix <c>AzureWebJobs</c> as on Azure; null when the connection is by identity.
    /// Without any setting the default connection is the local emulator.
    /// </summary>
    public string? ConnectionString(string name)
    {
        var text = settings[$"AzureWebJobs{name}"] ?? settings[name] ?? settings.GetConnectionString(name);
        if (!string.IsNullOrEmpty(text)) return text;
        if (settings.GetSection(name).GetChildren().Any()) return null;
        if (name == DefaultName) return Azurite;
        throw new HostStartException($"The storage connection '{name}' is not set: set {name} to a connection string, or {name}__accountName for a managed identity.");
    }

    /// <summary>Queues of a connection.</summary>
    public QueueServiceClient Queues(string name, QueueClientOptions options) => ConnectionString(name) is { } text
        ? new QueueServiceClient(text, options)
        : new QueueServiceClient(ServiceUri(name, "queue"), _identity.Value, options);

    /// <summary>Blobs of a connection.</summary>
    public BlobServiceClient Blobs(string name, BlobClientOptions options) => ConnectionString(name) is { } text
        ? new BlobServiceClient(text, options)
        : new BlobServiceClient(ServiceUri(name, "blob"), _identity.Value, options);

    private Uri ServiceUri(string name, string service)
    {
        if (settings[$"{name}:{service}ServiceUri"] is { Length: > 0 } uri) return new Uri(uri);
        if (settings[$"{name}:accountName"] is { Length: > 0 } account) return new Uri($"https://{account}.{service}.core.windows.net");
        throw new HostStartException($"The storage connection '{name}' has neither {name}__{service}ServiceUri nor {name}__accountName: set one of them.");
    }
}
