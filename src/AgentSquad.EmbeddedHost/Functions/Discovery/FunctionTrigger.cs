namespace AgentSquad.EmbeddedHost.Functions.Discovery;

/// <summary>What starts a function.</summary>
internal enum FunctionTrigger
{
    /// <summary>An HTTP request.</summary>
    Http,

    /// <summary>A message of a storage queue.</summary>
    Queue,

    /// <summary>A schedule.</summary>
    Timer,

    /// <summary>The replay of an orchestration.</summary>
    Orchestration,

    /// <summary>An orchestration that calls an activity.</summary>
    Activity,
}
