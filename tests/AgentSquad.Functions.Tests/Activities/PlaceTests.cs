using AgentSquad.Functions.Activities;
using AgentSquad.Functions.Run;
using AgentSquad.Functions.Storage;
using AgentSquad.Functions.Tests.Support;
using Moq;

namespace AgentSquad.Functions.Tests.Activities;

[Collection(StorageTests.Name)]
public sealed class PlaceTests(StorageFixture storage)
{
    private static readonly RunRef Run = new("jira-12345678-10", "0123456789abcdef", "10");

    [Fact]
    public async Task TakePlace_ManyAtOnce_NeverGivesMoreThanThereAre()
    {
        var places = Places(storage.NewAccount());

        var taken = await Task.WhenAll(Enumerable.Range(1, 12).Select(i => TakeAsync(places, $"task-{i}")));

        Assert.Equal(3, taken.Count(isTaken => isTaken));
    }

    [Fact]
    public async Task TakePlace_Repeated_KeepsTheOneItHas()
    {
        var places = Places(storage.NewAccount());

        Assert.True(await TakeAsync(places, "task-1", limit: 1));
        Assert.True(await TakeAsync(places, "task-1", limit: 1));
        Assert.False(await TakeAsync(places, "task-2", limit: 1));
        await places.LeavePlace(new PlaceInput(Run, "task-1", 1), TestRequest.Context());
        Assert.True(await TakeAsync(places, "task-2", limit: 1));
    }

    [Fact]
    public async Task TakePlace_HolderThatNeverCameBack_LosesIt()
    {
        var account = storage.NewAccount();
        var earlier = new Mock<TimeProvider>();
        earlier.Setup(time => time.GetUtcNow()).Returns(DateTimeOffset.UtcNow.AddHours(-2));
        Assert.True(await TakeAsync(Places(account, earlier.Object), "task-1", limit: 1));

        Assert.True(await TakeAsync(Places(account), "task-2", limit: 1));
    }

    [Fact]
    public async Task Task_NoPlaceFree_WaitsForOneAndLeavesItAfterwards()
    {
        var input = new SquadTaskInput(Run, new RunPolicy { MaxParallelPerSite = 1 }, TicketScript.Card("T1"), 1, "ticket/1", "plan/1", [], null);
        var free = false;
        var task = new OrchestrationHarness(input)
            .On<PlaceInput>(nameof(PlaceActivities.TakePlace), _ => new PlaceCard(free))
            .On<PlaceInput>(nameof(PlaceActivities.LeavePlace), _ => new PlaceCard(IsTaken: false))
            .On<ImplementInput>(nameof(AgentActivities.Implement), _ => new OutputCard("out"))
            .On<ReviewInput>(nameof(AgentActivities.Review), _ => new ReviewCard("review", Core.Squad.ReviewVerdict.Approved, ""));
        var ending = SquadTaskOrchestrator.RunAsync(task.Context);
        Assert.Equal(0, task.CountOf(nameof(AgentActivities.Implement)));

        free = true;
        task.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(SquadTaskOutcome.Done, (await ending).Outcome);
        Assert.Equal(2, task.CountOf(nameof(PlaceActivities.LeavePlace)));
    }

    private static PlaceActivities Places(StorageAccount account, TimeProvider? time = null) => new(new SitePlaceTable(account, time ?? TimeProvider.System));

    private static async Task<bool> TakeAsync(PlaceActivities places, string holder, int limit = 3) =>
        (await places.TakePlace(new PlaceInput(Run, holder, limit), TestRequest.Context())).IsTaken;
}
