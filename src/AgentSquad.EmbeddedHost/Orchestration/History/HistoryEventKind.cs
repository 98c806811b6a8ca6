namespace AgentSquad.EmbeddedHost.Orchestration.History;

/// <summary>Kinds of history events, with the numbers that the Durable Task Framework gives them.</summary>
internal enum HistoryEventKind
{
    ExecutionStarted = 0,
    ExecutionCompleted = 1,
    ExecutionTerminated = 3,
    TaskScheduled = 4,
    TaskCompleted = 5,
    TaskFailed = 6,
    SubOrchestrationInstanceCreated = 7,
    SubOrchestrationInstanceCompleted = 8,
    SubOrchestrationInstanceFailed = 9,
    TimerCreated = 10,
    TimerFired = 11,
    OrchestratorStarted = 12,
    EventSent = 14,
    EventRaised = 15,
    ContinueAsNew = 16,
    GenericEvent = 17,
    ExecutionSuspended = 19,
    ExecutionResumed = 20,
}
