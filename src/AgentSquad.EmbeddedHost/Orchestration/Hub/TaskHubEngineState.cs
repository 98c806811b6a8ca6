namespace AgentSquad.EmbeddedHost.Orchestration.Hub;

/// <summary>Where an engine is in its life.</summary>
internal enum TaskHubEngineState
{
    /// <summary>Not started.</summary>
    Created,

    /// <summary>Another process owns the hub, or this one is about to find out.</summary>
    Standby,

    /// <summary>Owns the hub and rebuilds its state.</summary>
    Starting,

    /// <summary>Works.</summary>
    Active,

    /// <summary>Lost the hub; a new engine is needed.</summary>
    Lost,

    /// <summary>Was stopped.</summary>
    Stopped,
}

/// <summary>The hub does not work in this process at the moment; another may own it. Try again later, or there.</summary>
internal sealed class TaskHubUnavailableException(TaskHubEngineState state, Exception? innerException = null)
    : Exception(Describe(state), innerException)
{
    public TaskHubEngineState State => state;

    private static string Describe(TaskHubEngineState state) => state switch
    {
        TaskHubEngineState.Standby => "This process is on standby: another one owns the task hub.",
        TaskHubEngineState.Lost => "This process has lost the task hub, or the hub's storage does not answer.",
        TaskHubEngineState.Stopped => "The task hub is stopped.",
        _ => "The task hub is starting.",
    };
}

/// <summary>An instance of the id exists and may not be replaced.</summary>
internal sealed class OrchestrationAlreadyExistsException(string instanceId, string status)
    : InvalidOperationException($"An Orchestration instance with the ID {instanceId} already exists; its status is {status}.");
