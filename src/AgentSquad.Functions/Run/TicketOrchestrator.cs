using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace AgentSquad.Functions.Run;

/// <summary>A ticket's run, from triage to delivery. One instance per ticket; see <see cref="TicketStory"/>.</summary>
internal static class TicketOrchestrator
{
    /// <summary>Runs the story; its output is the name of the last stage.</summary>
    [Function(nameof(TicketOrchestrator))]
    public static Task<string> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context) =>
        new TicketStory(context, context.GetInput<TicketRunState>() ?? throw new InvalidOperationException("The run has no input.")).TellAsync();
}
