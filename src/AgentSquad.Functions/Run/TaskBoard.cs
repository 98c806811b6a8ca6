using AgentSquad.Core.Squad;
using Microsoft.DurableTask;

namespace AgentSquad.Functions.Run;

/// <summary>Does the tasks of a plan: each as soon as its dependencies are done and there is room for its role.</summary>
internal sealed class TaskBoard(TaskOrchestrationContext context, TicketRunState state, RunDesk desk, Func<Task> catchUpAsync)
{
    private readonly Dictionary<string, (Task<SquadTaskResult> Work, string InstanceId)> _running = new(StringComparer.Ordinal);

    /// <summary>Returns when all tasks are done, or when those that are not wait for a person.</summary>
    /// <exception cref="RunEndedException">A task cannot be done, or the run is to end; no task is at work any more then.</exception>
    public async Task WorkAsync()
    {
        desk.OnPause = TellTasks;
        try
        {
            while (true)
            {
                if (state.Paused is null) await StartReadyAsync();
                desk.Show();
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
        if (!state.Tasks.Exists(IsReady)) return;
        // What people wrote in the meantime is for the tasks that are still to begin.
        await catchUpAsync();
        while (state.Paused is null && state.Tasks.Find(IsReady) is { } task) Start(task);
    }

    private async Task FinishSomeAsync()
    {
        await desk.WaitAsync(Task.WhenAny(_running.Values.Select(running => running.Work)));
        foreach (var (id, running) in _running.Where(entry => entry.Value.Work.IsCompleted).ToArray())
        {
            _running.Remove(id);
            Finish(id, await running.Work);
        }
    }

    private bool IsReady(TaskCard task) =>
        task.State == TaskState.Pending
        && _running.Count < state.Policy.MaxParallelTasks
        && state.Tasks.Count(other => other.Role == task.Role && _running.ContainsKey(other.Id)) < state.Policy.MaxParallelPerRole
        && task.DependsOn.All(id => state.Tasks.Single(other => other.Id == id).State == TaskState.Completed);

    private void Start(TaskCard task)
    {
        var input = new SquadTaskInput(
            desk.Run, state.Policy, task, state.PlanRound, state.TicketStep, state.PlanStep,
            [.. state.Tasks.Where(other => task.DependsOn.Contains(other.Id)).Select(other => other.OutputStep).OfType<string>()],
            task.Pass > 1 && state.VerifyStep.Length > 0 ? state.VerifyStep : null);
        var instanceId = SquadTaskOrchestrator.InstanceId(input);
        var work = context.CallSubOrchestratorAsync<SquadTaskResult>(
            nameof(SquadTaskOrchestrator), input, new SubOrchestrationOptions(instanceId: instanceId));
        _running.Add(task.Id, (work, instanceId));
        Replace(task with { State = TaskState.InProgress });
    }

    private void Finish(string id, SquadTaskResult result)
    {
        var task = state.Tasks.Single(candidate => candidate.Id == id);
        Replace(task with
        {
            OutputStep = result.OutputStep ?? task.OutputStep,
            Problem = result.Message,
            State = result.Outcome switch
            {
                SquadTaskOutcome.Done => TaskState.Completed,
                SquadTaskOutcome.NeedsPerson => TaskState.Blocked,
                _ => TaskState.Failed,
            },
        });
        desk.Show();
        if (result.Outcome is SquadTaskOutcome.Failed or SquadTaskOutcome.Stopped)
        {
            throw RunEndedException.Failed($"Task {id}, {task.Title}: {result.Message}");
        }
    }

    private void TellTasks(bool isPaused)
    {
        state.Detail = isPaused ? $"Paused: {state.Paused}. `/squad resume` continues." : null;
        desk.Show();
        Send(isPaused ? SquadTaskOrchestrator.PauseEvent : SquadTaskOrchestrator.ResumeEvent);
    }

    private void Send(string eventName)
    {
        foreach (var (_, (work, instanceId)) in _running)
        {
            if (!work.IsCompleted) context.SendEvent(instanceId, eventName, eventName);
        }
    }

    // Cooperative: a task ends at its next border, and the run's closing words come after all of them.
    private async Task StopAsync()
    {
        Send(SquadTaskOrchestrator.StopEvent);
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
