using AgentSquad.Core.Squad;
using AgentSquad.Functions.Activities;
using AgentSquad.Functions.Run;
using AgentSquad.Functions.Tests.Support;

namespace AgentSquad.Functions.Tests.Run;

public sealed class SquadTaskOrchestratorTests
{
    private static readonly SquadTaskInput Input = new(
        TestSquad.Run, new RunPolicy(), TicketScript.Card("T1"), 1, "ticket/1", "plan/1", ["out/T0"], null);

    [Fact]
    public async Task Run_ApprovedAtOnce_IsDoneInOneRound()
    {
        var task = Harness(_ => ReviewVerdict.Approved);

        var result = await SquadTaskOrchestrator.RunAsync(task.Context);

        Assert.Equal((SquadTaskOutcome.Done, "out/1", 1), (result.Outcome, result.OutputStep, result.Rounds));
    }

    [Fact]
    public async Task Run_ChangesRequested_GetsTheReviewsInTheNextRound()
    {
        var task = Harness(round => round == 1 ? ReviewVerdict.ChangesRequested : ReviewVerdict.Approved);

        var result = await SquadTaskOrchestrator.RunAsync(task.Context);

        Assert.Equal((SquadTaskOutcome.Done, "out/2", 2), (result.Outcome, result.OutputStep, result.Rounds));
        Assert.Equal(["review/1"], task.InputsOf<ImplementInput>().Last().ReviewSteps);
    }

    [Fact]
    public async Task Run_NeverApproved_NeedsAPersonAfterTheLastRound()
    {
        var task = Harness(_ => ReviewVerdict.ChangesRequested);

        var result = await SquadTaskOrchestrator.RunAsync(task.Context);

        Assert.Equal((SquadTaskOutcome.NeedsPerson, 3), (result.Outcome, result.Rounds));
        Assert.Contains("Name the error codes.", result.Message, StringComparison.Ordinal);
        Assert.Equal(3, task.CountOf(nameof(AgentActivities.Implement)));
    }

    [Fact]
    public async Task Run_AgentCannot_FailsWithItsWords()
    {
        var task = Harness(_ => ReviewVerdict.Approved).On<ImplementInput>(
            nameof(AgentActivities.Implement),
            _ => OrchestrationHarness.Failure(nameof(AgentActivities.Implement), new PermanentStepException("The model refused.")));

        var result = await SquadTaskOrchestrator.RunAsync(task.Context);

        Assert.Equal((SquadTaskOutcome.Failed, "The model refused."), (result.Outcome, result.Message));
    }

    [Fact]
    public async Task Run_Stopped_EndsAtTheNextBorder()
    {
        var task = Harness(_ => ReviewVerdict.Approved);
        task.On<ImplementInput>(nameof(AgentActivities.Implement), _ =>
        {
            task.Order(RunOrder.Stop);
            return new OutputCard("out/1");
        });

        var result = await SquadTaskOrchestrator.RunAsync(task.Context);

        Assert.Equal((SquadTaskOutcome.Stopped, "out/1"), (result.Outcome, result.OutputStep));
        Assert.Equal(0, task.CountOf(nameof(AgentActivities.Review)));
    }

    private static OrchestrationHarness Harness(Func<int, ReviewVerdict> verdict) => new OrchestrationHarness(Input)
        .On<ImplementInput>(nameof(AgentActivities.Implement), input => new OutputCard($"out/{input.Round}"))
        .On<ReviewInput>(nameof(AgentActivities.Review), input => new ReviewCard($"review/{input.Round}", verdict(input.Round), "Name the error codes."));
}
