using AgentSquad.Core.Tickets;
using AgentSquad.Functions.Intake;
using AgentSquad.Functions.Tests.Support;

namespace AgentSquad.Functions.Tests.Intake;

/// <summary>Which run an event is for.</summary>
[Collection(StorageTests.Name)]
public sealed class InboxTests(StorageFixture storage)
{
    private static readonly DateTimeOffset Day = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly string Instance = TestRuns.InstanceId("10");

    [Fact]
    public async Task Open_EventThatCameAfterTheEndOfTheLastRun_IsNotForTheNext()
    {
        var account = storage.NewAccount();
        await At(0).AddAsync(Instance, Event("first", starts: true, happened: 0), default);
        await At(0).OpenAsync(Instance, "first", default);
        Assert.Null(await At(2).CloseAsync(Instance, "first", entry => entry.Starts, default));

        // It was told that the run is open, and came to the inbox when it was not any more.
        await At(2).AddAsync(Instance, Event("stop the first", starts: false, happened: 1), default);
        await At(20).AddAsync(Instance, Event("faster than the start", starts: false, happened: 21), default);
        await At(21).AddAsync(Instance, Event("second", starts: true, happened: 20), default);
        await At(22).AddAsync(Instance, Event("by a clock that is late", starts: false, happened: 19), default);
        await At(22).AddAsync(Instance, Event("later", starts: false, happened: 22), default);
        Assert.True(await At(23).OpenAsync(Instance, "second", default));

        var unread = await At(23).ReadAsync(Instance, [], 10, default);
        Assert.Equal(["by a clock that is late", "faster than the start", "later"], unread.Select(entry => entry.DeliveryId));

        Inbox At(int days) => new(account, TestSquad.ClockAt(Day.AddDays(days)));
    }

    private static InboxEvent Event(string id, bool starts, int happened) => InboxEvent.Of(id, starts, "", Day.AddDays(happened), new TicketEvent
    {
        Kind = TicketEventKind.Updated, Name = "jira:issue_updated", TicketId = "10",
    });
}
