using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace AgentSquad.Functions.Run;

/// <summary>One task of a plan, from its first try to its approval. One instance per task and pass; see <see cref="TaskStory"/>.</summary>
internal static class SquadTaskOrchestrator
{
    /// <summary>Name of the event by which the run tells its tasks to look for an order.</summary>
    public const string OrderEvent = "order";

    /// <summary>Instance id of a task's orchestration. Starts with <c>task-</c>, so that lists of runs do not contain it.</summary>
    public static string InstanceId(SquadTaskInput input) => $"task-{input.Run.InstanceId}-{input.Run.Key(input.Prefix).Replace('/', '-')}{(input.Task.Resumed > 0 ? $"-r{input.Task.Resumed}" : "")}";

    /// <summary>Does the task.</summary>
    [Function(nameof(SquadTaskOrchestrator))]
    public static Task<SquadTaskResult> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        new TaskStory(context, context.GetInput<SquadTaskInput>() ?? throw new InvalidOperationException("The task has no input.")).TellAsync();
}
