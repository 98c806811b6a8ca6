namespace AgentSquad.Bench.Cost;

/// <summary>What one ticket costs. Requests that a host makes when there is nothing to do are taken off.</summary>
internal sealed record TicketCost
{
    // Sent, received, deleted.
    private const int RequestsPerMessage = 3;

    // The history read, its new rows written, the instance's row updated.
    private const int RequestsPerTurn = 3;

    /// <summary>Name of the scenario.</summary>
    public required string Scenario { get; init; }

    /// <summary>Storage requests on the embedded host.</summary>
    public required long StorageRequests { get; init; }

    /// <summary>Bytes of their bodies, both ways.</summary>
    public required long StorageBytes { get; init; }

    /// <summary>Requests to Jira.</summary>
    public required long JiraRequests { get; init; }

    /// <summary>Activities that ask an agent.</summary>
    public int AgentCalls { get; init; }

    /// <summary>All activities.</summary>
    public int Activities { get; init; }

    /// <summary>Turns of orchestrators: as many as there was to wake them, each counted as if it came alone.</summary>
    public int Turns { get; init; }

    /// <summary>
    /// Estimate of what the engine alone would ask of storage with the Azure Storage provider, see <see cref="TicketCostResult.Estimate"/>.
    /// An orchestration of 5 activities in a row comes to 51 by it; 56 were measured for the engine behind that provider.
    /// </summary>
    public long EstimatedAzureStorageProviderRequests =>
        (RequestsPerMessage * Activities) + (RequestsPerMessage * (long)Math.Max(Turns, Activities)) + (RequestsPerTurn * (long)Turns);
}

/// <summary>What a run of <c>ticket-cost</c> came to.</summary>
internal sealed record TicketCostResult
{
    /// <summary>How the figures for the Azure Storage provider came about, for whoever reads only the JSON.</summary>
    public string Estimate { get; } =
        "estimatedAzureStorageProviderRequests is an estimate, counted from the activities and turns of these runs and not measured. It follows the documented "
        + "message flow of the Azure Storage provider (learn.microsoft.com/azure/azure-functions/durable/durable-functions-azure-storage-provider): an activity "
        + "takes one message of the work-item queue and answers with one on a control queue; a turn of an orchestrator takes at least one message of a control queue, "
        + "reads the history, writes its new rows and updates the instance's row; a message is sent, received and deleted. Left out are the provider's polling and "
        + "leases, payloads that go to blobs, and what the app itself stores.";

    /// <summary>Storage requests per second of a host that has nothing to do.</summary>
    public required double IdleRequestsPerSecond { get; init; }

    /// <summary>One ticket of each scenario.</summary>
    public required IReadOnlyList<TicketCost> Scenarios { get; init; }
}
