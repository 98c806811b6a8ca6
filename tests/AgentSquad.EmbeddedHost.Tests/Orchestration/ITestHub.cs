using AgentSquad.EmbeddedHost.TaskHub;

namespace AgentSquad.EmbeddedHost.Tests.Orchestration;

/// <summary>A hub's storage, which outlives the engines that own it.</summary>
internal interface ITestHub
{
    IPayloadStore Payloads { get; }

    /// <summary>A log for a new owner; an earlier one loses the hub as if its process had been killed.</summary>
    ICommitLog Open();
}
