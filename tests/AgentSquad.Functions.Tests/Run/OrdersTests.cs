using AgentSquad.Core.Commands;
using AgentSquad.Core.Squad;
using AgentSquad.Functions.Activities;
using AgentSquad.Functions.Run;
using AgentSquad.Functions.Tests.Support;

namespace AgentSquad.Functions.Tests.Run;

/// <summary>Stopping and holding what is at work, and that an event alone does neither.</summary>
public sealed class OrdersTests
{
    private static readonly SquadTaskInput Input = new(
        TestSquad.Run, new RunPolicy(), TicketScript.Card("T1"), 1, "ticket/1", "plan/1", [], null);

    [Theory]
    [InlineData(nameof(AgentActivities.Triage))]
    [InlineData(nameof(AgentActivities.Plan))]
    [InlineData(nameof(AgentActivities.Verify))]
    public async Task Stop_WhileAnAgentIsAtWork_CancelsItAndDoesNotWait(string activity)
    {
        var run = TicketScript.Happy();
        _ = activity switch
        {
            nameof(AgentActivities.Triage) => run.On<TriageInput>(activity, _ => Never()),
            nameof(AgentActivities.Plan) => run.On<PlanInput>(activity, _ => Never()),
            _ => run.On<VerifyInput>(activity, _ => Never()),
        };
        var ending = TicketOrchestrator.RunAsync(run.Context);
        Assert.False(ending.IsCompleted);

        run.Tell(TicketScript.Command(CommandKind.Stop));

        EndedHere(ending);
        Assert.Equal("Stopped", await ending);
        Assert.Equal(RunOrder.Stop, Assert.Single(run.InputsOf<OrderInput>()).Order);
        Assert.Contains("Rita", run.InputsOf<StatusInput>().Last().Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_WhileATaskIsAtWork_EndsItInTheMiddle()
    {
        var task = Task(_ => Never());
        var ending = SquadTaskOrchestrator.RunAsync(task.Context);

        task.Order(RunOrder.Stop);

        EndedHere(ending);
        Assert.Equal(SquadTaskOutcome.Stopped, (await ending).Outcome);
    }

    [Fact]
    public async Task Hold_WhileATaskIsAtWork_HoldsItBeforeItsNextStep()
    {
        var implementing = new TaskCompletionSource<object?>();
        var task = Task(_ => implementing.Task);
        var ending = SquadTaskOrchestrator.RunAsync(task.Context);

        task.Order(RunOrder.Hold);
        implementing.SetResult(new OutputCard("out/1"));
        Assert.Equal(0, task.CountOf(nameof(AgentActivities.Review)));
        task.Order(RunOrder.GoOn);

        EndedHere(ending);
        Assert.Equal(SquadTaskOutcome.Done, (await ending).Outcome);
    }

    [Fact]
    public async Task Event_RaisedByHandOnATask_StopsNothing()
    {
        var implementing = new TaskCompletionSource<object?>();
        var task = Task(_ => implementing.Task).On<RunRef>(nameof(OrderActivities.ReadOrder), _ => new OrderCard(RunOrder.GoOn));
        var ending = SquadTaskOrchestrator.RunAsync(task.Context);

        task.Raise(SquadTaskOrchestrator.OrderEvent);
        task.Raise("stop");
        implementing.SetResult(new OutputCard("out/1"));

        EndedHere(ending);
        Assert.Equal(SquadTaskOutcome.Done, (await ending).Outcome);
    }

    [Theory]
    [InlineData("wake")]
    [InlineData("approve")]
    [InlineData("stop")]
    [InlineData("retry")]
    public async Task Event_RaisedByHandOnARun_DecidesNothing(string name)
    {
        var run = TicketScript.Happy().On<PlanInput>(
            nameof(AgentActivities.Plan), plan => new PlanCard($"plan/{plan.Round}", 8, [TicketScript.Card("T1")], "its complexity is 8"));
        var ending = TicketOrchestrator.RunAsync(run.Context);

        run.Raise(name);

        Assert.False(ending.IsCompleted);
        Assert.Equal("Approve", run.CustomStatus.GetProperty("stage").GetString());
    }

    [Fact]
    public async Task Pause_WhileAnAgentIsAtWork_ShowsAtOnceAndHoldsAtTheBorder()
    {
        var planning = new TaskCompletionSource<object?>();
        var run = TicketScript.Happy().On<PlanInput>(nameof(AgentActivities.Plan), _ => planning.Task);
        var ending = TicketOrchestrator.RunAsync(run.Context);

        run.Tell(TicketScript.Command(CommandKind.Pause));
        Assert.Contains("Paused", run.CustomStatus.GetProperty("detail").GetString(), StringComparison.Ordinal);
        planning.SetResult(new PlanCard("plan/1", 3, [TicketScript.Card("T1")]));
        Assert.Equal("Plan", run.CustomStatus.GetProperty("stage").GetString());
        run.Tell(TicketScript.Command(CommandKind.Resume));

        EndedHere(ending);
        Assert.Equal("Deliver", await ending);
    }

    [Fact]
    public async Task Work_ThousandComments_AreReadInPortionsThatGrow()
    {
        var run = TicketScript.Happy();
        var work = new TaskCompletionSource<object?>();
        run.On<SquadTaskInput>(nameof(SquadTaskOrchestrator), task => task.Task.Id == "T1" ? work.Task : Done(task));
        var ending = TicketOrchestrator.RunAsync(run.Context);

        for (var i = 0; i < 1000; i++)
        {
            run.Tell(TicketScript.Note());
            run.Advance(TimeSpan.FromSeconds(1));
        }

        work.SetResult(new SquadTaskResult("T1", SquadTaskOutcome.Done, "out/T1", 1));

        EndedHere(ending);
        Assert.Equal("Deliver", await ending);
        Assert.InRange(run.CountOf(nameof(RunActivities.ReadInbox)), 30, 120);
    }

    private static OrchestrationHarness Task(Func<ImplementInput, object?> implement) => new OrchestrationHarness(Input)
        .On(nameof(AgentActivities.Implement), implement)
        .On<ReviewInput>(nameof(AgentActivities.Review), _ => new ReviewCard("review", ReviewVerdict.Approved, ""));

    private static SquadTaskResult Done(SquadTaskInput task) => new(task.Task.Id, SquadTaskOutcome.Done, $"out/{task.Task.Id}", 1);

    private static Task<object?> Never() => new TaskCompletionSource<object?>().Task;

    // Whatever is awaited in an orchestration has to be durable: nothing may go on elsewhere.
    private static void EndedHere(Task ending) => Assert.True(ending.IsCompleted);
}
