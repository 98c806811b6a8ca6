namespace AgentSquad.EmbeddedHost.Functions.Hosting;

/// <summary>What this process is to the task hub.</summary>
internal enum TaskHubState
{
    /// <summary>Not yet known, or another process owns the hub: no trigger runs here, HTTP functions do.</summary>
    Standby,

    /// <summary>This process owns the hub, or the app needs none.</summary>
    Active,

    /// <summary>This process owned the hub and no longer does, or the host stops: nothing may act on the hub.</summary>
    Ended,
}
