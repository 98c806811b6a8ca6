using AgentSquad.Core.Escalation;
using AgentSquad.Core.Squad;
using AgentSquad.Functions.Activities;
using Microsoft.DurableTask;

namespace AgentSquad.Functions.Run;

/// <summary>The story of a task: implement, ask what is not known, have it reviewed, change it, until it is approved or a person is needed.</summary>
internal sealed class TaskStory(TaskOrchestrationContext context, SquadTaskInput input)
{
    private readonly TaskBorder _border = new(context, input);
    private readonly SitePlaces _places = new(context, input);
    private readonly List<string> _reviews = [];
    private readonly List<string> _answers = [];
    private string? _output;
    private string _reason = "";
    private int _round;
    private int _asked;

    /// <summary>Tells the story.</summary>
    public async Task<SquadTaskResult> TellAsync()
    {
        try
        {
            for (_round = 1; _round <= input.Policy.MaxReviewRounds; _round++)
            {
                if (await Implement() is { } question) return Ended(SquadTaskOutcome.NeedsAnswer, question.Text) with { Question = question };
                if (await Review()) return Ended(SquadTaskOutcome.Done);
            }

            _round = input.Policy.MaxReviewRounds;
            return Ended(SquadTaskOutcome.NeedsPerson, $"The reviewer still asks for changes after {_round} rounds: {_reason}");
        }
        catch (TaskStoppedException)
        {
            return Ended(SquadTaskOutcome.Stopped);
        }
        catch (TaskFailedException e)
        {
            var isHeld = StepFailures.KindOf(e.FailureDetails) == StepFailure.Budget;
            return Ended(isHeld ? SquadTaskOutcome.OutOfBudget : SquadTaskOutcome.Failed, StepFailures.MessageOf(e));
        }
    }

    /// <summary>The role does its task; what it asks is answered by other roles first.</summary>
    /// <returns>A question that only a person can answer; null when the task was done.</returns>
    private async Task<QuestionCard?> Implement()
    {
        while (true)
        {
            var card = await AtPlaceAsync(() => _border.CallAsync<OutputCard>(
                nameof(AgentActivities.Implement), new ImplementInput(input, _round, [.. _reviews], [.. _answers])));
            if (card.Question is not { } question)
            {
                _output = card.Step;
                return null;
            }

            if (++_asked > input.Policy.Questions.MostPerTask || await Ask(question, card.Step) is not { } answer) return question;
            _answers.Add(answer);
        }
    }

    /// <summary>Asks the roles of the question's chain, one after the other, each for as long as it may take.</summary>
    /// <returns>Artifact of the answer; null when no role can help.</returns>
    private async Task<string?> Ask(QuestionCard question, string step)
    {
        var available = input.Roles.Select(Enum.Parse<SquadRole>).ToHashSet();
        foreach (var responder in QuestionRouting.Standard.Chain(input.Task.Role, question.Type, available))
        {
            using var given = new CancellationTokenSource();
            var answering = context.CallActivityAsync<AnswerCard>(
                nameof(AgentActivities.Answer), new AnswerInput(input, step, responder, _asked), Patience.Of(input.Policy, given.Token));
            var isLate = context.CreateTimer(input.Policy.Questions.AnswerWithin, given.Token);
            await _border.WaitAsync(Task.WhenAny(answering, isLate), given);
            var answer = answering.IsCompleted ? await FirstOrNoneAsync(answering) : null;
            given.Cancel();
            if (answer is { HasAnswer: true }) return answer.Step;
        }

        return null;
    }

    /// <summary>The tech lead reviews the output.</summary>
    /// <returns>Whether it is approved.</returns>
    private async Task<bool> Review()
    {
        var review = await AtPlaceAsync(() => _border.CallAsync<ReviewCard>(
            nameof(AgentActivities.Review), new ReviewInput(input, _round, _output!)));
        if (review.Verdict == ReviewVerdict.Approved) return true;
        _reviews.Add(review.Step);
        _reason = review.Reason;
        return false;
    }

    private async Task<T> AtPlaceAsync<T>(Func<Task<T>> work)
    {
        await _places.TakeAsync(_border);
        try
        {
            return await work();
        }
        finally
        {
            await _places.LeaveAsync();
        }
    }

    // A role that fails is one that cannot help: the next one is asked.
    private static async Task<AnswerCard?> FirstOrNoneAsync(Task<AnswerCard> answering)
    {
        try
        {
            return await answering;
        }
        catch (TaskFailedException e) when (StepFailures.KindOf(e.FailureDetails) != StepFailure.Budget)
        {
            return null;
        }
    }

    private SquadTaskResult Ended(SquadTaskOutcome outcome, string? message = null) => new(input.Task.Id, outcome, _output, _round, message);
}
