namespace AgentSquad.EmbeddedHost.Orchestration.State;

/// <summary>Who waits for a sub-orchestration.</summary>
/// <param name="Name">The parent's orchestrator.</param>
/// <param name="InstanceId">The parent.</param>
/// <param name="ExecutionId">Its execution: a later one waits for nothing of an earlier.</param>
/// <param name="TaskId">Number of the call.</param>
internal sealed record ParentLink(string Name, string InstanceId, string ExecutionId, int TaskId);
