using AgentSquad.EmbeddedHost.TaskHub.ReadModel;
using AgentSquad.EmbeddedHost.TaskHub.Storage;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging;

namespace AgentSquad.EmbeddedHost.TaskHub;

/// <summary>Builds what a task hub is stored in. Containers are <c>{hub}-log</c> and <c>{hub}-payloads</c>, in lower case.</summary>
internal sealed class TaskHubStores : IDisposable
{
    private readonly AzureSegmentStorage _segments;
    private readonly AzureBlobStorage _log;
    private readonly TableServiceClient _tables;
    private readonly ILoggerFactory _loggers;

    /// <param name="account">The account of <c>storageProvider.connectionName</c>.</param>
    /// <param name="hubName">Name of the hub: 3 to 45 letters and digits, beginning with a letter.</param>
    /// <param name="options">Sizes and times; null takes the defaults.</param>
    /// <param name="loggers">Where the stores log.</param>
    public TaskHubStores(StorageAccount account, string hubName, CommitLogOptions? options, ILoggerFactory loggers)
    {
        HubName = hubName is { Length: >= 3 and <= 45 } && char.IsAsciiLetter(hubName[0]) && hubName.All(char.IsAsciiLetterOrDigit)
            ? hubName
            : throw new ArgumentException(
                $"'{hubName}' is no task hub name: 3 to 45 letters and digits, beginning with a letter. Set extensions.durableTask.hubName in " +
                "host.json.",
                nameof(hubName));
        options ??= new CommitLogOptions();
        var container = hubName.ToLowerInvariant();
        _segments = new AzureSegmentStorage(account, $"{container}-log", options.RequestTimeout);
        _log = new AzureBlobStorage(account, $"{container}-log");
        Log = new CommitLog(_segments, _log, options, loggers.CreateLogger<CommitLog>());
        Payloads = new BlobPayloadStore(new AzureBlobStorage(account, $"{container}-payloads"));
        Marker = OwnerMarker.On(account);
        _tables = account.CreateTables();
        _loggers = loggers;
    }

    /// <summary>Name of the hub as it was given.</summary>
    public string HubName { get; }

    /// <summary>The hub's commit log, not yet opened. Dispose it before this.</summary>
    public CommitLog Log { get; }

    /// <summary>The hub's payloads and archived instances.</summary>
    public BlobPayloadStore Payloads { get; }

    /// <summary>Says whose the hub is; claim the hub before the log is opened.</summary>
    public OwnerMarker Marker { get; }

    /// <summary>A writer of the read model <c>{Hub}Instances</c>; the caller's to dispose.</summary>
    public InstancesTableWriter CreateInstancesTable(InstancesTableOptions? options = null) =>
        new(_tables, HubName, (options ?? new InstancesTableOptions()) with { IsBusy = () => Log.IsBusy }, _loggers.CreateLogger<InstancesTableWriter>());

    /// <summary>A writer of the read model <c>{Hub}History</c>.</summary>
    public HistoryTableWriter CreateHistoryTable() => new(_tables, HubName);

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _segments.Dispose();
}
