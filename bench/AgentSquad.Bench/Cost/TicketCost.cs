namespace AgentSquad.Bench.Cost;

/// <summary>What one ticket costs. Requests that a host makes when there is nothing to do are taken off.</summary>
internal sealed record TicketCost
{
    // Documented flow of the Azure Storage provider: a message is sent, received and deleted. An activity takes one on the work-item queue and
    // answers with one on a control queue; a turn of an orchestrator begins with at least one message and ends with a batch of rows of the
    // history and an update of the instance's row.
    private const int RequestsPerMessage = 3;
    private const int RequestsPerTurn = 2;

    /// <summary>Name of the scenario.</summary>
    public required string Scenario { get; init; }

    /// <summary>Storage requests on the embedded host.</summary>
    public required long StorageRequests { get; init; }

    /// <summary>Bytes of their bodies, both ways.</summary>
    public required long StorageBytes { get; init; }

    /// <summary>Requests to Jira.</summary>
    public required long JiraRequests { get; init; }

    /// <summary>Activities that ask an agent.</summary>
    public required int AgentCalls { get; init; }

    /// <summary>All activities.</summary>
    public required int Activities { get; init; }

    /// <summary>Turns of orchestrators.</summary>
    public required int Turns { get; init; }

    /// <summary>
    /// Estimate of what the engine alone would ask of storage with the Azure Storage provider, by its documented message flow, without its
    /// polling and leases, and without what the app itself stores. Counted, not measured.
    /// </summary>
    public long EstimatedAzureStorageProviderRequests =>
        (RequestsPerMessage * Activities) + (RequestsPerMessage * (long)Math.Max(Turns, Activities)) + (RequestsPerTurn * (long)Turns);
}

/// <summary>What a run of <c>ticket-cost</c> came to.</summary>
internal sealed record TicketCostResult
{
    /// <summary>Storage requests per second of a host that has nothing to do.</summary>
    public required double IdleRequestsPerSecond { get; init; }

    /// <summary>One ticket of each scenario.</summary>
    public required IReadOnlyList<TicketCost> Scenarios { get; init; }
}
