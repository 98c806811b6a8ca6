using AgentSquad.EmbeddedHost.TaskHub.Storage;
using Microsoft.Extensions.Configuration;

namespace AgentSquad.EmbeddedHost.Functions.Configuration;

/// <summary>Storage accounts of named connections: a connection string, or an account or service address with the identity of the process.</summary>
internal sealed class StorageConnections(IConfiguration settings)
{
    /// <summary>The connection that everything uses unless told otherwise.</summary>
    public const string DefaultName = "AzureWebJobsStorage";

    private const string Azurite = "UseDevelopmentStorage=true";

    /// <summary>
    /// The account of a connection, also under the prefix <c>AzureWebJobs</c> as on Azure. Without any setting the default connection is the
    /// local emulator; another one that is not set throws <see cref="HostStartException"/>.
    /// </summary>
    public StorageAccount Account(string name)
    {
        var prefixed = $"AzureWebJobs{name}";
        var found = settings.GetSection(prefixed).Exists() ? prefixed : name;
        if (!settings.GetSection(found).Exists())
        {
            if (settings.GetConnectionString(name) is { Length: > 0 } text) return StorageAccount.FromConnectionString(text);
            if (name == DefaultName) return StorageAccount.FromConnectionString(Azurite);
        }

        try
        {
            return StorageAccount.FromConfiguration(settings, found);
        }
        catch (InvalidOperationException missing)
        {
            throw new HostStartException(missing.Message, missing);
        }
    }
}
