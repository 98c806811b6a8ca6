using AgentSquad.Core.Planning;
using AgentSquad.Core.Squad;
using AgentSquad.Functions.Activities;
using Microsoft.DurableTask;

namespace AgentSquad.Functions.Run;

/// <summary>Does the tasks of a plan: each as soon as its dependencies are done and there is room for its role.</summary>
internal sealed class TaskBoard(TaskOrchestrationContext context, TicketRunState state, RunDesk desk, Func<Task> catchUpAsync)
{
    private static readonly SquadRole[] Leads = [SquadRole.ProjectManager, SquadRole.TechLead, SquadRole.SolutionArchitect];

    private readonly Dictionary<string, (Task<SquadTaskResult> Work, string InstanceId)> _running = new(StringComparer.Ordinal);

    /// <summary>Returns when all tasks are done, or when those that are not wait for a person.</summary>
    /// <exception cref="RunEndedException">A task cannot be done, or the run is to end; no task is at work any more then.</exception>
    public async Task WorkAsync()
    {
        desk.OnPause = TellTasksAsync;
        try
        {
            while (true)
            {
                if (state.Paused is null) await StartReadyAsync();
                desk.Show();
                await ShowSubtasksAsync();
                if (_running.Count > 0) await FinishSomeAsync();
                else if (state.Paused is not null) await desk.HoldAsync();
                else return;
            }
        }
        catch (Exception e) when (e is RunEndedException or TaskFailedException)
        {
            await StopAsync();
            throw;
        }
        finally
        {
            desk.OnPause = null;
        }
    }

    /// <summary>Puts a task's card in the place of its old one.</summary>
    public void Replace(TaskCard task) => state.Tasks[state.Tasks.FindIndex(candidate => candidate.Id == task.Id)] = task;

    private async Task StartReadyAsync()
    {
        if (Ready().Count == 0) return;
        // What people wrote in the meantime is for the tasks that are still to begin.
        await catchUpAsync();
        if (state.Paused is not null) return;
        foreach (var task in Ready()) Start(task);
    }

    private async Task FinishSomeAsync()
    {
        await desk.AskForBudgetAsync();
        await desk.WaitAsync(Task.WhenAny(_running.Values.Select(running => running.Work)));
        foreach (var (id, running) in _running.Where(entry => entry.Value.Work.IsCompleted).ToArray())
        {
            _running.Remove(id);
            await FinishAsync(id, await running.Work);
        }
    }

    private IReadOnlyList<TaskCard> Ready() => TaskGraph.Ready(
        state.Tasks, state.Tasks.ToDictionary(task => task.Id, task => task.State, StringComparer.Ordinal), state.Policy.ToWorkLimits());

    private void Start(TaskCard task)
    {
        var input = new SquadTaskInput(
            desk.Run, state.Policy, task, state.PlanRound, state.TicketStep, state.PlanStep,
            [.. state.Tasks.Where(other => task.DependsOn.Contains(other.Id)).Select(other => other.OutputStep).OfType<string>()],
            task.Pass > 1 && state.VerifyStep.Length > 0 ? state.VerifyStep : null)
        {
            Roles = [.. state.Tasks.Select(other => other.Role).Concat(Leads).Distinct().Order().Select(role => role.ToString())],
        };
        var instanceId = SquadTaskOrchestrator.InstanceId(input);
        var work = context.CallSubOrchestratorAsync<SquadTaskResult>(
            nameof(SquadTaskOrchestrator), input, new SubOrchestrationOptions(instanceId: instanceId));
        _running.Add(task.Id, (work, instanceId));
        Replace(task with { State = TaskState.InProgress });
    }

    private async Task FinishAsync(string id, SquadTaskResult result)
    {
        var task = state.Tasks.Single(candidate => candidate.Id == id);
        Replace(task with
        {
            OutputStep = result.OutputStep ?? task.OutputStep,
            Problem = result.Message,
            Question = result.Question,
            State = result.Outcome switch
            {
                SquadTaskOutcome.Done => TaskState.Completed,
                SquadTaskOutcome.NeedsPerson or SquadTaskOutcome.NeedsAnswer => TaskState.Blocked,
                SquadTaskOutcome.OutOfBudget => TaskState.Pending,
                _ => TaskState.Failed,
            },
        });
        if (result.Outcome == SquadTaskOutcome.OutOfBudget)
        {
            // The same steps again: those that are paid for are found.
            Replace(state.Tasks.Single(candidate => candidate.Id == id) with { Problem = null, Resumed = task.Resumed + 1 });
            await desk.HoldForBudgetAsync(result.Message ?? "The budget is used up.");
        }

        desk.Show();
        if (result.Outcome is SquadTaskOutcome.Failed or SquadTaskOutcome.Stopped)
        {
            throw RunEndedException.Failed($"Task {id}, {task.Title}: {result.Message}");
        }
    }

    // A sub-task follows its task's state; what the board does not allow is not worth a run.
    private async Task ShowSubtasksAsync()
    {
        var late = state.Tasks.Where(task => task.Subtask is not null && StatusOf(task) is { Length: > 0 } status && status != task.Shown).ToList();
        if (late.Count == 0) return;
        var statuses = late.ToDictionary(task => task.Subtask!, task => StatusOf(task)!, StringComparer.Ordinal);
        await desk.CallAsync<StatusCard>(nameof(BoardActivities.MoveSubtasks), new MoveSubtasksInput(desk.Run, statuses));
        foreach (var task in late) Replace(task with { Shown = StatusOf(task) });
    }

    private string? StatusOf(TaskCard task) => task.State switch
    {
        TaskState.InProgress or TaskState.InReview or TaskState.Blocked => state.Policy.StatusNames.Work,
        TaskState.Completed => state.Policy.StatusNames.Deliver,
        _ => null,
    };

    private Task TellTasksAsync() => TellAsync(state.Paused is null ? RunOrder.GoOn : RunOrder.Hold);

    private async Task TellAsync(RunOrder order)
    {
        if (_running.Count == 0) return;
        await desk.OrderAsync(order);
        foreach (var (_, (work, instanceId)) in _running)
        {
            if (!work.IsCompleted) context.SendEvent(instanceId, SquadTaskOrchestrator.OrderEvent, order.ToString());
        }
    }

    // A task ends at once and its agent is cancelled; the run's closing words come after all of them.
    private async Task StopAsync()
    {
        await TellAsync(RunOrder.Stop);
        foreach (var (id, (work, _)) in _running.ToArray())
        {
            try
            {
                var result = await work;
                var task = state.Tasks.Single(candidate => candidate.Id == id);
                Replace(task with
                {
                    OutputStep = result.OutputStep ?? task.OutputStep,
                    State = result.Outcome == SquadTaskOutcome.Done ? TaskState.Completed : TaskState.InProgress,
                });
            }
            catch (TaskFailedException)
            {
                // The run ends for an earlier reason.
            }
        }

        _running.Clear();
    }
}
