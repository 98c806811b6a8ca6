using AgentSquad.Core.Escalation;
using AgentSquad.Core.Squad;
using AgentSquad.Functions.Activities;
using AgentSquad.Functions.Configuration;
using AgentSquad.Functions.Run;
using AgentSquad.Functions.Tests.Support;

namespace AgentSquad.Functions.Tests.Run;

/// <summary>Questions between roles: who is asked, for how long, and what happens when nobody knows.</summary>
public sealed class QuestionTests
{
    private static readonly QuestionCard Question = new(QuestionType.Default, "Which database?");

    private static readonly SquadTaskInput Input = new(
        TestSquad.Run, new RunPolicy(), TicketScript.Card("T1"), 1, "ticket/1", "plan/1", [], null)
    {
        Roles = ["BackendDeveloper", "ProjectManager", "SolutionArchitect", "TechLead"],
    };

    [Fact]
    public async Task Implement_RoleAsks_TheAnswerReachesItsNextTry()
    {
        var task = Asking(_ => true);

        var result = await SquadTaskOrchestrator.RunAsync(task.Context);

        Assert.Equal((SquadTaskOutcome.Done, 1), (result.Outcome, result.Rounds));
        Assert.Equal(SquadRole.TechLead, Assert.Single(task.InputsOf<AnswerInput>()).Responder);
        Assert.Equal([0, 1], task.InputsOf<ImplementInput>().Select(input => input.AnswerSteps.Count));
    }

    [Fact]
    public async Task Ask_RolesCannotHelp_GoesUpTheChainAndEndsAtAPerson()
    {
        var task = Asking(_ => false);

        var result = await SquadTaskOrchestrator.RunAsync(task.Context);

        Assert.Equal(
            [SquadRole.TechLead, SquadRole.SolutionArchitect, SquadRole.ProjectManager],
            task.InputsOf<AnswerInput>().Select(input => input.Responder));
        Assert.Equal((SquadTaskOutcome.NeedsAnswer, "Which database?"), (result.Outcome, result.Question?.Text));
        Assert.Equal(0, task.CountOf(nameof(AgentActivities.Review)));
    }

    [Fact]
    public async Task Ask_RoleFails_TheNextOneIsAsked()
    {
        var task = Asking(_ => true);
        task.On<AnswerInput>(nameof(AgentActivities.Answer), input => input.Responder == SquadRole.TechLead
            ? OrchestrationHarness.Failure(nameof(AgentActivities.Answer), new PermanentStepException("The model refused."))
            : new AnswerCard("answer", HasAnswer: true));

        Assert.Equal(SquadTaskOutcome.Done, (await SquadTaskOrchestrator.RunAsync(task.Context)).Outcome);

        Assert.Equal(SquadRole.SolutionArchitect, task.InputsOf<AnswerInput>().Last().Responder);
    }

    [Fact]
    public async Task Ask_NoAnswerInTime_TheNextOneIsAsked()
    {
        var task = Asking(_ => true);
        task.On<AnswerInput>(nameof(AgentActivities.Answer), input => input.Responder == SquadRole.TechLead
            ? new TaskCompletionSource<object?>().Task
            : new AnswerCard("answer", HasAnswer: true));

        var ending = SquadTaskOrchestrator.RunAsync(task.Context);
        task.Advance(TimeSpan.FromMinutes(4));
        Assert.Single(task.InputsOf<AnswerInput>());
        task.Advance(TimeSpan.FromMinutes(2));

        EndedHere(ending);
        Assert.Equal(SquadTaskOutcome.Done, (await ending).Outcome);
        Assert.Equal(SquadRole.SolutionArchitect, task.InputsOf<AnswerInput>().Last().Responder);
    }

    [Fact]
    public async Task Ask_RoleThatNeverStopsAsking_APersonIsAsked()
    {
        var task = Asking(_ => true, answers: int.MaxValue);

        var result = await SquadTaskOrchestrator.RunAsync(task.Context);

        Assert.Equal(SquadTaskOutcome.NeedsAnswer, result.Outcome);
        Assert.Equal(new RoleQuestionOptions().MostPerTask, task.CountOf(nameof(AgentActivities.Answer)));
    }

    [Fact]
    public async Task Ask_StoppedMeanwhile_EndsWithoutTheAnswer()
    {
        var task = Asking(_ => true).On<AnswerInput>(nameof(AgentActivities.Answer), _ => new TaskCompletionSource<object?>().Task);
        var ending = SquadTaskOrchestrator.RunAsync(task.Context);

        task.Order(RunOrder.Stop);

        EndedHere(ending);
        Assert.Equal(SquadTaskOutcome.Stopped, (await ending).Outcome);
    }

    [Fact]
    public async Task Work_QuestionOnlyAPersonCanAnswer_IsAskedOnTheTicketAndTheTaskGoesOn()
    {
        var run = TicketScript.Happy().On<SquadTaskInput>(nameof(SquadTaskOrchestrator), task => task.Task is { Id: "T2", Pass: 1 }
            ? new SquadTaskResult("T2", SquadTaskOutcome.NeedsAnswer, null, 1, Question.Text) { Question = Question }
            : new SquadTaskResult(task.Task.Id, SquadTaskOutcome.Done, $"out/{task.Task.Id}/{task.Task.Pass}", 1));
        var ending = TicketOrchestrator.RunAsync(run.Context);

        Assert.Equal("Which database?", Assert.Single(run.InputsOf<TaskQuestionInput>()).Task.Question?.Text);
        Assert.Equal("an answer about task T2", run.InputsOf<StatusInput>().Last().Waiting?.What);
        run.Tell(TicketScript.Note());

        EndedHere(ending);
        Assert.Equal("Deliver", await ending);
        var again = run.InputsOf<SquadTaskInput>().Last();
        Assert.Equal(("T2", 2, "ticket/2", null), (again.Task.Id, again.Task.Pass, again.TicketStep, again.Task.Question));
        Assert.Equal(["Triage", "Plan", "Work", "Verify", "Deliver"], run.Stages());
    }

    [Fact]
    public async Task Work_NobodyAnswersTheQuestion_RemindsAndGivesUp()
    {
        var run = TicketScript.Happy().On<SquadTaskInput>(nameof(SquadTaskOrchestrator), task =>
            new SquadTaskResult(task.Task.Id, SquadTaskOutcome.NeedsAnswer, null, 1, Question.Text) { Question = Question });
        var ending = TicketOrchestrator.RunAsync(run.Context);

        run.Advance(TimeSpan.FromDays(11));

        EndedHere(ending);
        Assert.Equal("Stopped", await ending);
        Assert.Equal(2, run.CountOf(nameof(CommentActivities.PublishReminder)));
        Assert.Contains("/squad retry", Assert.Single(run.InputsOf<FailureInput>()).WhatToDo, StringComparison.Ordinal);
    }

    private static OrchestrationHarness Asking(Func<SquadRole, bool> knows, int answers = 1) => new OrchestrationHarness(Input)
        .On<ImplementInput>(nameof(AgentActivities.Implement), input => input.AnswerSteps.Count < answers
            ? new OutputCard($"ask/{input.AnswerSteps.Count}", Question)
            : new OutputCard("out"))
        .On<AnswerInput>(nameof(AgentActivities.Answer), input => new AnswerCard("answer", knows(input.Responder)))
        .On<ReviewInput>(nameof(AgentActivities.Review), _ => new ReviewCard("review", ReviewVerdict.Approved, ""));

    // Whatever is awaited in an orchestration has to be durable: nothing may go on elsewhere.
    private static void EndedHere(Task ending) => Assert.True(ending.IsCompleted);
}
