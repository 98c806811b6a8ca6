using AgentSquad.Core.Squad;
using Microsoft.DurableTask;

namespace AgentSquad.Functions.Run;

/// <summary>Does the tasks of a plan: each as soon as its dependencies are done and there is room for its role.</summary>
internal sealed class TaskBoard(TaskOrchestrationContext context, TicketRunState state, RunDesk desk)
{
    private readonly Dictionary<string, (Task<SquadTaskResult> Work, string InstanceId)> _running = new(StringComparer.Ordinal);

    /// <summary>Returns when all tasks are done.</summary>
    /// <exception cref="RunEndedException">A task cannot be done, or the run is to end; no task is at work any more then.</exception>
    public async Task WorkAsync()
    {
        try
        {
            while (true)
            {
                foreach (var task in state.Tasks.ToArray().Where(IsReady)) Start(task);
                desk.Show();
                if (_running.Count == 0) return;
                await desk.WaitAsync(Task.WhenAny(_running.Values.Select(running => running.Work)));
                foreach (var (id, running) in _running.Where(entry => entry.Value.Work.IsCompleted).ToArray())
                {
                    _running.Remove(id);
                    Finish(id, await running.Work);
                }
            }
        }
        catch (Exception e) when (e is RunEndedException or TaskFailedException)
        {
            await StopAsync();
            throw;
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
            State = result.Outcome == SquadTaskOutcome.Done ? TaskState.Completed : TaskState.Failed,
        });
        desk.Show();
        if (result.Outcome != SquadTaskOutcome.Done) throw RunEndedException.Failed($"Task {id}, {task.Title}: {result.Message}");
    }

    // Cooperative: a task ends at its next border, and the run's closing words come after all of them.
    private async Task StopAsync()
    {
        foreach (var (id, (work, instanceId)) in _running.ToArray())
        {
            if (!work.IsCompleted) context.SendEvent(instanceId, SquadTaskOrchestrator.StopEvent, id);
        }

        foreach (var (id, (work, _)) in _running.ToArray())
        {
            try
            {
                var result = await work;
                var task = state.Tasks.Single(candidate => candidate.Id == id);
                Replace(task with
                {
                    OutputStep = result.OutputStep ?? task.OutputStep,
                    State = result.Outcome == SquadTaskOutcome.Done ? TaskState.Completed : TaskState.Pending,
                });
            }
            catch (TaskFailedException)
            {
                // The run ends for an earlier reason.
            }
        }

        _running.Clear();
    }

    private void Replace(TaskCard task) => state.Tasks[state.Tasks.FindIndex(candidate => candidate.Id == task.Id)] = task;
}
