namespace AgentSquad.Functions.Storage;

/// <summary>What the app keeps on its storage account, by name.</summary>
internal static class StorageNames
{
    /// <summary>The setting that names the storage account.</summary>
    public const string Connection = "AzureWebJobsStorage";

    /// <summary>Queue of accepted webhooks.</summary>
    public const string EventQueue = "jira-events";

    /// <summary>Bodies too large for a queue message; each is deleted once it is processed.</summary>
    public const string PayloadContainer = "jira-payloads";

    /// <summary>What agents write, and what the squad read for them.</summary>
    public const string ArtifactContainer = "squad-artifacts";

    /// <summary>Events for runs; one partition per run instance.</summary>
    public const string InboxTable = "SquadInbox";

    /// <summary>Which delivery identifier carried which body.</summary>
    public const string DeliveryTable = "SquadDeliveries";

    /// <summary>Which run instance belongs to which ticket key.</summary>
    public const string TicketTable = "SquadTickets";

    /// <summary>Which tasks are at work on which site, where their number is limited.</summary>
    public const string PlaceTable = "SquadPlaces";

    /// <summary>What models have cost, and what calls under way may cost.</summary>
    public const string BudgetTable = "SquadBudgets";
}
