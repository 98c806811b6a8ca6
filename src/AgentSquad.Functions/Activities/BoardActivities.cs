using AgentSquad.Agents.Safety;
using AgentSquad.Atlassian.Jira;
using AgentSquad.Core.Squad;
using AgentSquad.Functions.Configuration;
using AgentSquad.Functions.Run;
using AgentSquad.Functions.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentSquad.Functions.Activities;

/// <summary>The plan's tasks as sub-tasks on the board. They show the work and never hold it up: what a board refuses is said once and left.</summary>
internal sealed class BoardActivities(
    IJiraClient jira, ISiteEffects effects, ArtifactStore artifacts, SecretGuard guard, IOptions<SquadOptions> options, ILogger<BoardActivities> logger)
{
    /// <summary>Creates the sub-tasks that are missing.</summary>
    [Function(nameof(EnsureSubtasks))]
    public Task<SubtasksCard> EnsureSubtasks([ActivityTrigger] SubtasksInput input, FunctionContext context) => Steps.RunAsync(async () =>
    {
        var plan = await artifacts.GetAsync<SquadPlan>(input.Run.InstanceId, input.PlanStep, context.CancellationToken);
        var parent = await jira.GetTicketAsync(input.Run.IssueId, context.CancellationToken);
        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var task in plan.Tasks)
        {
            var draft = new TicketDraft(parent.ProjectKey, options.Value.SubTasks.IssueType, guard.Clean($"{task.Id} {task.Title}"))
            {
                ParentKey = parent.Key, Description = guard.Clean(Describe(task)),
            };
            var effect = new CommentEffect(input.Run.Key($"subtask/{input.PlanRound}/{task.Id}"), input.Run.InstanceId, "subtask");
            try
            {
                ids[task.Id] = (await effects.EnsureSubtaskAsync(input.Run.IssueId, draft, effect, context.CancellationToken)).Id;
            }
            catch (JiraException e) when (!e.IsTransient)
            {
                logger.LogWarning(e, "No sub-task of {TicketKey} for task {TaskId}.", parent.Key, task.Id);
                return new SubtasksCard(ids, $"The board does not show every task: {e.Message}");
            }
        }

        return new SubtasksCard(ids, Problem: null);
    });

    /// <summary>Moves sub-tasks to the statuses of their tasks.</summary>
    [Function(nameof(MoveSubtasks))]
    public Task<StatusCard> MoveSubtasks([ActivityTrigger] MoveSubtasksInput input, FunctionContext context) => Steps.RunAsync(async () =>
    {
        foreach (var (id, status) in input.Statuses)
        {
            try
            {
                await effects.EnsureStatusAsync(id, status, context.CancellationToken);
            }
            catch (JiraException e) when (!e.IsTransient)
            {
                // Somebody deleted it, or the workflow asks for more than the squad may give.
                logger.LogWarning(e, "Sub-task {SubtaskId} was not moved to {Status}.", id, status);
            }
        }

        return new StatusCard(Problem: null);
    });

    private static string Describe(PlannedTask task) =>
        $"{task.Description}\n\n**Done when**\n\n{string.Join('\n', task.AcceptanceCriteria.Select(criterion => $"- {criterion}"))}\n\n" +
        $"*AgentSquad's {RoleNames.Of(task.Role)} works on it; its status follows the work.*";
}
