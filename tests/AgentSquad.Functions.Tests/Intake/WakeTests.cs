using AgentSquad.Core.Commands;
using AgentSquad.Core.Tickets;
using AgentSquad.Functions.Intake;
using AgentSquad.Functions.Tests.Support;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentSquad.Functions.Tests.Intake;

/// <summary>A run is told once that its inbox holds something, and again when that came to nothing.</summary>
[Collection(StorageTests.Name)]
public sealed class WakeTests(StorageFixture storage)
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly string Instance = TestRuns.InstanceId("10");

    private readonly FakeDurableTaskClient _client = new();

    [Fact]
    public async Task ClaimWake_OlderThanHalfAMinute_PassesToOneOtherEvent()
    {
        var account = storage.NewAccount();

        Assert.True(await At(0).ClaimWakeAsync(Instance, "a", default));
        Assert.False(await At(29).ClaimWakeAsync(Instance, "b", default));
        Assert.True(await At(29).ClaimWakeAsync(Instance, "a", default));
        bool[] taken = await Task.WhenAll(At(31).ClaimWakeAsync(Instance, "b", default), At(31).ClaimWakeAsync(Instance, "c", default));
        Assert.Single(taken, has => has);
        Assert.False(await At(60).ClaimWakeAsync(Instance, "d", default));
        Assert.True(await At(62).ClaimWakeAsync(Instance, "d", default));

        Inbox At(int seconds) => new(account, TestSquad.ClockAt(Start.AddSeconds(seconds)));
    }

    [Theory]
    [InlineData(10, 0)]
    [InlineData(40, 1)]
    public async Task Deliver_WakeThatItsOwnerNeverRaised_IsRaisedByALaterEvent(int secondsAgo, int expected)
    {
        var account = storage.NewAccount();
        var intake = new TestIntake(account, new Inbox(account, TimeProvider.System), _client);
        var id = intake.InstanceId("10");
        _client.Set(id, OrchestrationRuntimeStatus.Running);
        await new Inbox(account, TestSquad.ClockAt(DateTimeOffset.UtcNow.AddSeconds(-secondsAgo))).ClaimWakeAsync(id, "killed before it raised", default);

        await intake.ProcessAsync(TestEvents.Comment("10", "/squad stop", "900"));

        Assert.Equal(expected, _client.Woken.Count);
    }

    [Fact]
    public async Task Deliver_OperatorsCommand_WakesWhoeverHasTheClaimAndHoldsNone()
    {
        var inbox = new Inbox(storage.NewAccount(), TimeProvider.System);
        var runs = new RunStarter(inbox, TimeProvider.System, NullLogger<RunStarter>.Instance);
        _client.Set(Instance, OrchestrationRuntimeStatus.Running);

        // The first dies before its wake, and the operator tries again at once.
        _client.FailNextEvent = new IOException("killed");
        await Assert.ThrowsAsync<IOException>(() => DeliverAsync("first"));
        await DeliverAsync("second");

        Assert.Single(_client.Woken);
        Assert.True(await inbox.ClaimWakeAsync(Instance, "a comment", default));

        Task DeliverAsync(string deliveryId) => runs.DeliverAsync(_client, TestEvents.Site, Instance, OperatorsStop(deliveryId), default);
    }

    private static InboxEvent OperatorsStop(string deliveryId) => new(
        deliveryId, Starts: false, "stop", Start, new TicketEvent { Kind = TicketEventKind.Other, Name = "operator", TicketId = "10" },
        new OperatorCommand(CommandKind.Stop, null, "an operator"));
}
