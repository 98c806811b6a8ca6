using AgentSquad.Core.Squad;
using AgentSquad.Functions.Activities;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace AgentSquad.Functions.Run;

/// <summary>One task: implement, have it reviewed, change it, until it is approved or a person is needed.</summary>
internal static class SquadTaskOrchestrator
{
    /// <summary>Name of the event by which the run stops its tasks.</summary>
    public const string StopEvent = "stop";

    /// <summary>Name of the event by which the run holds its tasks.</summary>
    public const string PauseEvent = "pause";

    /// <summary>Name of the event by which the run lets its tasks go on.</summary>
    public const string ResumeEvent = "resume";

    /// <summary>Instance id of a task's orchestration. Starts with <c>task-</c>, so that lists of runs do not contain it.</summary>
    public static string InstanceId(SquadTaskInput input) => $"task-{input.Run.InstanceId}-{input.Run.Key(input.Prefix).Replace('/', '-')}";

    /// <summary>Does the task.</summary>
    [Function(nameof(SquadTaskOrchestrator))]
    public static async Task<SquadTaskResult> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var input = context.GetInput<SquadTaskInput>() ?? throw new InvalidOperationException("The task has no input.");
        var patience = Patience.Of(input.Policy);
        var border = new TaskBorder(context);
        var reviews = new List<string>();
        string? output = null;
        var reason = "";
        try
        {
            for (var round = 1; round <= input.Policy.MaxReviewRounds; round++)
            {
                if (await border.IsStoppedAsync()) return Ended(SquadTaskOutcome.Stopped, round - 1);
                output = (await context.CallActivityAsync<OutputCard>(
                    nameof(AgentActivities.Implement), new ImplementInput(input, round, [.. reviews]), patience)).Step;

                if (await border.IsStoppedAsync()) return Ended(SquadTaskOutcome.Stopped, round);
                var review = await context.CallActivityAsync<ReviewCard>(
                    nameof(AgentActivities.Review), new ReviewInput(input, round, output), patience);
                if (review.Verdict == ReviewVerdict.Approved) return Ended(SquadTaskOutcome.Done, round);

                reviews.Add(review.Step);
                reason = review.Reason;
            }

            return Ended(
                SquadTaskOutcome.NeedsPerson, input.Policy.MaxReviewRounds,
                $"The reviewer still asks for changes after {input.Policy.MaxReviewRounds} rounds: {reason}");
        }
        catch (TaskFailedException e)
        {
            return Ended(SquadTaskOutcome.Failed, reviews.Count, StepFailures.MessageOf(e));
        }

        SquadTaskResult Ended(SquadTaskOutcome outcome, int rounds, string? message = null) =>
            new(input.Task.Id, outcome, output, rounds, message);
    }

    /// <summary>The border between two activities, where the run may hold or stop the task.</summary>
    private sealed class TaskBorder(TaskOrchestrationContext context)
    {
        private readonly Task<object> _stopped = context.WaitForExternalEvent<object>(StopEvent);
        private Task<object> _paused = context.WaitForExternalEvent<object>(PauseEvent);
        private Task<object> _resumed = context.WaitForExternalEvent<object>(ResumeEvent);

        public async Task<bool> IsStoppedAsync()
        {
            while (_paused.IsCompleted && !_stopped.IsCompleted)
            {
                await Task.WhenAny(_stopped, _resumed);
                if (_stopped.IsCompleted) break;
                _paused = context.WaitForExternalEvent<object>(PauseEvent);
                _resumed = context.WaitForExternalEvent<object>(ResumeEvent);
            }

            return _stopped.IsCompleted;
        }
    }
}
