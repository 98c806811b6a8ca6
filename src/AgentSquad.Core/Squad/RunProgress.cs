namespace AgentSquad.Core.Squad;

/// <summary>How far a run is, in percent. Never goes backwards within one pass through the stages.</summary>
public static class RunProgress
{
    private const int WorkStarts = 30;
    private const int WorkEnds = 85;

    /// <summary>Computes the progress.</summary>
    /// <param name="stage">The stage the run is in.</param>
    /// <param name="tasks">The tasks of the plan.</param>
    /// <returns>0 to 100; 100 only for <see cref="RunStage.Deliver"/>. A run that failed or was stopped keeps the share of its finished tasks.</returns>
    public static int Percent(RunStage stage, IReadOnlyList<SquadTaskStatus> tasks) => stage switch
    {
        RunStage.Triage => 5,
        RunStage.Clarify => 10,
        RunStage.Plan => 15,
        RunStage.Approve => 25,
        RunStage.Verify => 90,
        RunStage.Deliver => 100,
        RunStage.Work => WorkStarts + Share(tasks, WorkEnds - WorkStarts),
        _ => tasks.Count == 0 ? 0 : Share(tasks, WorkEnds),
    };

    // A task in review has been done once: half its weight.
    private static int Share(IReadOnlyList<SquadTaskStatus> tasks, int of) => tasks.Count == 0
        ? 0
        : (int)(of * tasks.Sum(task => task.State switch
        {
            nameof(TaskState.Completed) => 1.0,
            nameof(TaskState.InReview) => 0.5,
            _ => 0.0,
        }) / tasks.Count);
}
