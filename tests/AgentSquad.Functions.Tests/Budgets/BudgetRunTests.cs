using AgentSquad.Core.Commands;
using AgentSquad.Core.Squad;
using AgentSquad.Functions.Activities;
using AgentSquad.Functions.Budgets;
using AgentSquad.Functions.Run;
using AgentSquad.Functions.Tests.Support;

namespace AgentSquad.Functions.Tests.Budgets;

/// <summary>A run whose budget is used up.</summary>
public sealed class BudgetRunTests
{
    private const string Problem = "The budget of this ticket does not allow the next step.";

    [Fact]
    public async Task Triage_OutOfBudget_AsksOnceAndGoesOnAfterTheExtension()
    {
        var hasBudget = false;
        var run = WithBudget(TicketScript.Happy(), () => hasBudget = true).On<TriageInput>(nameof(AgentActivities.Triage), triage => hasBudget
            ? new TriageCard($"triage/{triage.Round}", TriageVerdict.Ready, "Clear.", 0)
            : OrchestrationHarness.Failure(nameof(AgentActivities.Triage), new BudgetStepException(Problem)));

        var ending = TicketOrchestrator.RunAsync(run.Context);
        Assert.Equal(Problem, Assert.Single(run.InputsOf<BudgetRequestInput>()).Problem);
        Assert.Contains("Paused: The budget of this ticket", run.InputsOf<StatusInput>().Last().Status.Detail, StringComparison.Ordinal);
        run.Tell(TicketScript.Command(CommandKind.Extend) with { Amount = 2.00m });

        Assert.Equal("Deliver", await ending);
        Assert.Equal(2.00m, Assert.Single(run.InputsOf<ExtendInput>()).Amount);
        Assert.Contains("is 2.50", Assert.Single(run.InputsOf<ReplyInput>()).Text, StringComparison.Ordinal);
        Assert.Equal(["Triage", "Plan", "Work", "Verify", "Deliver"], run.Stages());
    }

    [Fact]
    public async Task Work_TaskOutOfBudget_GoesOnWithTheSamePass()
    {
        var hasBudget = false;
        var run = WithBudget(TicketScript.Happy(), () => hasBudget = true).On<SquadTaskInput>(nameof(SquadTaskOrchestrator), task =>
            new SquadTaskResult(task.Task.Id, hasBudget ? SquadTaskOutcome.Done : SquadTaskOutcome.OutOfBudget, hasBudget ? $"out/{task.Task.Id}" : null, 1, hasBudget ? null : Problem));

        var ending = TicketOrchestrator.RunAsync(run.Context);
        Assert.Single(run.InputsOf<BudgetRequestInput>());
        run.Tell(TicketScript.Command(CommandKind.Extend) with { Amount = 2.00m });

        Assert.Equal("Deliver", await ending);
        var tries = run.InputsOf<SquadTaskInput>().Where(input => input.Task.Id == "T1").ToList();
        Assert.Equal(2, tries.Count);
        // The same steps, so that what is paid for is found; another instance, because the first one has ended.
        Assert.Equal(tries[0].Prefix, tries[1].Prefix);
        Assert.NotEqual(SquadTaskOrchestrator.InstanceId(tries[0]), SquadTaskOrchestrator.InstanceId(tries[1]));
    }

    [Fact]
    public async Task Triage_OutOfBudgetAndStopped_Ends()
    {
        var run = WithBudget(TicketScript.Happy(), () => { }).On<TriageInput>(
            nameof(AgentActivities.Triage), _ => OrchestrationHarness.Failure(nameof(AgentActivities.Triage), new BudgetStepException(Problem)));
        var ending = TicketOrchestrator.RunAsync(run.Context);
        run.Tell(TicketScript.Command(CommandKind.Stop));
        Assert.Equal("Stopped", await ending);
    }

    [Fact]
    public async Task Extend_RunIsNotHeld_RaisesTheBudgetAndLeavesAPauseAlone()
    {
        var run = WithBudget(TicketScript.Happy(), () => { }).On<TriageInput>(
            nameof(AgentActivities.Triage), _ => new TriageCard("triage/1", TriageVerdict.Unclear, "Unclear.", 2, "f"));
        var ending = TicketOrchestrator.RunAsync(run.Context);
        run.Tell(TicketScript.Command(CommandKind.Pause));
        run.Tell(TicketScript.Command(CommandKind.Extend) with { Amount = 1m });
        Assert.Single(run.InputsOf<ExtendInput>());
        run.Tell(TicketScript.Note());
        Assert.False(ending.IsCompleted);
        Assert.Equal(1, run.CountOf(nameof(AgentActivities.Triage)));
    }

    private static OrchestrationHarness WithBudget(OrchestrationHarness harness, Action extended) => harness
        .On<BudgetRequestInput>(nameof(CommentActivities.PublishBudgetRequest), _ => "108")
        .On<ExtendInput>(nameof(BudgetActivities.ExtendBudget), _ =>
        {
            extended();
            return "The budget of this ticket is 2.50 USD now.";
        });
}
