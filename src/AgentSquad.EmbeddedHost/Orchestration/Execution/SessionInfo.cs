using Microsoft.DurableTask;

namespace AgentSquad.EmbeddedHost.Orchestration.Execution;

/// <summary>What does not change during an execution.</summary>
internal sealed record SessionInfo(string Name, string InstanceId, string? Version, ParentOrchestrationInstance? Parent);

/// <summary>What every session of an engine shares.</summary>
internal sealed record SessionServices(
    IDurableFunctionInvoker Invoker,
    DataConverter Converter,
    Microsoft.Extensions.Logging.ILoggerFactory LoggerFactory,
    Func<History.Payload, string?> Resolve,
    string? DefaultVersion,
    IReadOnlyDictionary<string, object?> Properties);
