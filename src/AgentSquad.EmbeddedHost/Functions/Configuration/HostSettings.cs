using AgentSquad.EmbeddedHost.Orchestration.Hub;
using Microsoft.Extensions.Configuration;

namespace AgentSquad.EmbeddedHost.Functions.Configuration;

/// <summary>What host.json says, as far as the embedded host honours it.</summary>
internal sealed record HostSettings
{
    /// <summary>Every embedded hub's name ends in this, so that it can never be taken for a hub of the official engine.</summary>
    public const string HubSuffix = "Embedded";

    /// <summary>Task hub with <see cref="HubSuffix"/>. Default <c>TestHubNameEmbedded</c>, after the official default.</summary>
    public string HubName { get; init; } = "TestHubName" + HubSuffix;

    /// <summary>Setting with the hub's storage connection. Default <c>AzureWebJobsStorage</c>.</summary>
    public string HubConnection { get; init; } = StorageConnections.DefaultName;

    /// <summary>Activities at once. Default 10 per core.</summary>
    public int MaxConcurrentActivities { get; init; } = 10 * Environment.ProcessorCount;

    /// <summary>Orchestrator turns at once. Default 10 per core.</summary>
    public int MaxConcurrentOrchestrators { get; init; } = 10 * Environment.ProcessorCount;

    /// <summary>Whether a start may replace an instance that still runs: <c>overridableExistingInstanceStates</c> is <c>AnyState</c>.</summary>
    public bool OverrideRunningInstances { get; init; }

    /// <summary>Whether an event for an instance that is unknown or has ended is refused; otherwise it is dropped. Default true.</summary>
    public bool ThrowOnRaiseEvent { get; init; } = true;

    /// <summary>Versions of orchestrations.</summary>
    public OrchestrationVersions Versions { get; init; } = new();

    /// <summary>How long <c>CallHttpAsync</c> waits between two polls when the answer does not say. Default 30 s.</summary>
    public TimeSpan HttpPollingInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Queue triggers.</summary>
    public QueueSettings Queues { get; init; } = new();

    /// <summary>HTTP triggers.</summary>
    public HttpSettings Http { get; init; } = new();

    /// <summary>How long a function may run; null for ever. Default 30 minutes, as on a dedicated plan.</summary>
    public TimeSpan? FunctionTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Keys of host.json that say something this host does not honour.</summary>
    public IReadOnlyList<string> Unsupported { get; init; } = [];

    /// <summary>Reads the settings; throws <see cref="HostStartException"/> that names the key for a value out of range.</summary>
    public static HostSettings Load(IConfiguration settings)
    {
        var reader = new HostJsonReader(HostJson.Load(settings), settings);
        var defaults = new HostSettings();
        var batch = reader.Number("extensions:queues:batchSize", 16, 1, 32);
        return new HostSettings
        {
            HubName = reader.HubName("extensions:durableTask:hubName", HubSuffix) ?? defaults.HubName,
            HubConnection = reader.Text("extensions:durableTask:storageProvider:connectionName")
                ?? reader.Text("extensions:durableTask:storageProvider:connectionStringName") ?? defaults.HubConnection,
            MaxConcurrentActivities = reader.Number(
                "extensions:durableTask:maxConcurrentActivityFunctions", defaults.MaxConcurrentActivities, 1, 10_000),
            MaxConcurrentOrchestrators = reader.Number(
                "extensions:durableTask:maxConcurrentOrchestratorFunctions", defaults.MaxConcurrentOrchestrators, 1, 10_000),
            OverrideRunningInstances =
                reader.OneOf("extensions:durableTask:overridableExistingInstanceStates", "NonRunningStates", "AnyState") == "AnyState",
            ThrowOnRaiseEvent = reader.OneOf("extensions:durableTask:throwStatusExceptionsOnRaiseEvent", "true", "false") == "true",
            Versions = new OrchestrationVersions
            {
                Default = reader.Text("extensions:durableTask:defaultVersion"),
                Match = Enum.Parse<VersionMatch>(reader.OneOf(
                    "extensions:durableTask:versionMatchStrategy", nameof(VersionMatch.CurrentOrOlder), nameof(VersionMatch.Strict), nameof(VersionMatch.None))),
                OnMismatch = Enum.Parse<VersionMismatch>(reader.OneOf(
                    "extensions:durableTask:versionFailureStrategy", nameof(VersionMismatch.Reject), nameof(VersionMismatch.Fail))),
            },
            HttpPollingInterval = TimeSpan.FromMilliseconds(reader.Number(
                "extensions:durableTask:httpSettings:defaultAsyncRequestSleepTimeMilliseconds", 30_000, 1, int.MaxValue)),
            Queues = new QueueSettings
            {
                BatchSize = batch,
                NewBatchThreshold = reader.Number("extensions:queues:newBatchThreshold", batch / 2, 0, 10_000),
                MaxDequeueCount = reader.Number("extensions:queues:maxDequeueCount", 5, 1, int.MaxValue),
                VisibilityTimeout = reader.Time("extensions:queues:visibilityTimeout", TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromDays(7)),
                MaxPollingInterval = reader.Time(
                    "extensions:queues:maxPollingInterval", TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1)),
                IsBase64 = reader.OneOf("extensions:queues:messageEncoding", "base64", "none") == "base64",
            },
            Http = new HttpSettings
            {
                RoutePrefix = (reader.Text("extensions:http:routePrefix", emptyIsValue: true) ?? "api").Trim('/'),
                MaxOutstandingRequests = reader.Number("extensions:http:maxOutstandingRequests", -1, -1, int.MaxValue),
                MaxConcurrentRequests = reader.Number("extensions:http:maxConcurrentRequests", -1, -1, int.MaxValue),
            },
            FunctionTimeout = reader.Timeout("functionTimeout", defaults.FunctionTimeout),
            Unsupported = reader.Unread(),
        };
    }
}

/// <summary>Queue triggers, <c>extensions.queues</c>.</summary>
internal sealed record QueueSettings
{
    /// <summary>Messages taken at once, 1 to 32.</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>The next batch is taken when no more than this many messages are being processed.</summary>
    public int NewBatchThreshold { get; init; } = 8;

    /// <summary>Attempts before a message goes to the poison queue.</summary>
    public int MaxDequeueCount { get; init; } = 5;

    /// <summary>How long a message whose function failed stays away before the next attempt.</summary>
    public TimeSpan VisibilityTimeout { get; init; }

    /// <summary>The longest pause between two looks at an idle queue.</summary>
    public TimeSpan MaxPollingInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Whether message texts are Base64.</summary>
    public bool IsBase64 { get; init; } = true;
}

/// <summary>HTTP triggers, <c>extensions.http</c>.</summary>
internal sealed record HttpSettings
{
    /// <summary>First part of every function's path, without slashes at its ends; may be empty.</summary>
    public string RoutePrefix { get; init; } = "api";

    /// <summary>Requests queued or running before more are answered 429; -1 for no limit.</summary>
    public int MaxOutstandingRequests { get; init; } = -1;

    /// <summary>HTTP functions that run at once; -1 for no limit.</summary>
    public int MaxConcurrentRequests { get; init; } = -1;
}
