using AgentSquad.Functions.Intake;
using AgentSquad.Functions.Run;
using AgentSquad.Functions.Storage;
using AgentSquad.Functions.Tests.Support;
using AgentSquad.Functions.Webhook;
using Microsoft.DurableTask.Client;
using Moq;

namespace AgentSquad.Functions.Tests.Intake;

[Collection(StorageTests.Name)]
public sealed class ProcessJiraEventTests(StorageFixture storage)
{
    private readonly FakeDurableTaskClient _client = new();

    [Fact]
    public async Task Run_LabelAdded_StartsOneRunWithTheTicket()
    {
        var intake = Intake(storage.NewAccount());

        await intake.ProcessAsync(TestEvents.LabelAdded("10"));

        var run = Assert.Single(_client.Started);
        Assert.Equal(("10", "TEST-10", TestEvents.Site), (run.IssueId, run.Key, run.Site));
    }

    [Fact]
    public async Task Run_SameDeliveryTenTimesAtOnceAndLater_StartsOneRun()
    {
        var intake = Intake(storage.NewAccount());
        var body = TestEvents.LabelAdded("10");

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => intake.ProcessAsync(body, "delivery-1")));
        await intake.ProcessAsync(body, "delivery-1");
        _client.Set(intake.InstanceId("10"), OrchestrationRuntimeStatus.Completed);
        await intake.ProcessAsync(body, "delivery-1");
        await intake.ProcessAsync(body, "another identifier, which is not under the signature");
        await intake.ProcessAsync(body);

        Assert.Single(_client.Started);
    }

    [Fact]
    public async Task Run_SameIdentifierWithAnotherBody_IsADuplicate()
    {
        var intake = Intake(storage.NewAccount());

        await intake.ProcessAsync(TestEvents.LabelAdded("10"), "delivery-1");
        await intake.ProcessAsync(TestEvents.LabelAdded("11"), "delivery-1");

        Assert.Equal("10", Assert.Single(_client.Started).IssueId);
    }

    [Fact]
    public async Task Run_EventsOfOneMessage_EachReachesItsRun()
    {
        var intake = Intake(storage.NewAccount());

        await intake.ProcessPackedAsync(
            TestEvents.LabelAdded("10"), TestEvents.Comment("11", "hello", "1"), TestEvents.LabelAdded("12"), TestEvents.LabelAdded("10"));

        Assert.Equal(["10", "12"], _client.Started.Select(run => run.IssueId).Order());
    }

    [Fact]
    public async Task Run_OneOfAMessageFails_GoesBackAloneAndTheOthersAreDone()
    {
        var (queue, inbox) = (new Mock<IEventQueue>(), new Mock<IInbox>());
        var returned = new List<EventMessage>();
        queue.Setup(q => q.LoadAsync(It.IsAny<EventMessage>(), It.IsAny<CancellationToken>())).ReturnsAsync((EventMessage message, CancellationToken _) => message);
        queue.Setup(q => q.ReturnAsync(Capture.In(returned), It.IsAny<CancellationToken>())).Returns(Task.CompletedTask);
        inbox.Setup(i => i.AddAsync(It.Is<string>(id => id.EndsWith("-11", StringComparison.Ordinal)), It.IsAny<InboxEvent>(), It.IsAny<CancellationToken>()))
            .ThrowsAsync(new IOException("The table is away."));
        var intake = new TestIntake(storage.NewAccount(), inbox.Object, _client, queue.Object);
        var failing = TestEvents.LabelAdded("11");

        await intake.ProcessPackedAsync(TestEvents.LabelAdded("10"), failing, TestEvents.LabelAdded("12"));

        Assert.Equal(["10", "12"], _client.Started.Select(run => run.IssueId).Order());
        Assert.Equal(failing, Assert.Single(returned).Body.ToArray());
    }

    [Fact]
    public async Task Run_OneOfAMessageFailsAndCannotGoBack_TheMessageIsTriedAgain()
    {
        var (queue, inbox) = (new Mock<IEventQueue>(), new Mock<IInbox>());
        queue.Setup(q => q.LoadAsync(It.IsAny<EventMessage>(), It.IsAny<CancellationToken>())).ThrowsAsync(new IOException("The blob is away."));
        queue.Setup(q => q.ReturnAsync(It.IsAny<EventMessage>(), It.IsAny<CancellationToken>())).ThrowsAsync(new IOException("The queue is away."));
        var intake = new TestIntake(storage.NewAccount(), inbox.Object, _client, queue.Object);

        await Assert.ThrowsAsync<IOException>(() => intake.ProcessPackedAsync(TestEvents.LabelAdded("10"), TestEvents.LabelAdded("11")));
    }

    [Theory]
    [InlineData("no run is open")]
    [InlineData("older than 24 hours")]
    [InlineData("https://evil.example")]
    [InlineData("https://acme.atlassian.net.evil.example")]
    [InlineData("http://acme.atlassian.net")]
    public async Task Run_EventThatCountsForNothing_NeitherStartsNorWakes(string why)
    {
        await Intake(storage.NewAccount()).ProcessAsync(why switch
        {
            "no run is open" => TestEvents.SummaryEdited("10"),
            "older than 24 hours" => TestEvents.LabelAdded("10", DateTimeOffset.UtcNow.AddHours(-25)),
            _ => TestEvents.LabelAdded("10", site: why),
        });

        Assert.Empty(_client.Started);
        Assert.Empty(_client.Woken);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Run_NewLabelEventAfterTheInboxWasClosed_StartsTheNextRunWhenTheLastHasEnded(bool hasEnded)
    {
        var account = storage.NewAccount();
        var intake = Intake(account);
        await intake.ProcessAsync(TestEvents.LabelAdded("10"));
        var (id, first) = (intake.InstanceId("10"), _client.Started.Single().RunId);
        var inbox = new Inbox(account, TimeProvider.System);
        await inbox.OpenAsync(id, first, default);
        Assert.Null(await inbox.CloseAsync(id, first, entry => entry.Starts, default));
        if (hasEnded) _client.Set(id, OrchestrationRuntimeStatus.Completed);

        var second = intake.ProcessAsync(TestEvents.LabelAdded("10", DateTimeOffset.UtcNow.AddSeconds(1)));
        if (!hasEnded)
        {
            Assert.False(second.IsCompleted);
            _client.Set(id, OrchestrationRuntimeStatus.Completed);
        }

        await second;
        Assert.Equal(2, _client.Started.Select(run => run.RunId).Distinct().Count());
    }

    [Fact]
    public async Task Run_SignalsToAnOpenRun_AreInItsInboxAndWakeItOnce()
    {
        var account = storage.NewAccount();
        var intake = Intake(account);
        await intake.ProcessAsync(TestEvents.LabelAdded("10"));

        for (var i = 0; i < 5; i++) await intake.ProcessAsync(TestEvents.SummaryEdited("10", DateTimeOffset.UtcNow.AddSeconds(i)));

        Assert.Single(_client.Started);
        Assert.Single(_client.Woken);
        var inbox = new Inbox(account, TimeProvider.System);
        await inbox.OpenAsync(intake.InstanceId("10"), _client.Started.Single().RunId, default);
        var entries = await inbox.ReadAsync(intake.InstanceId("10"), [], 100, default);
        Assert.Equal(5, entries.Count);
        Assert.Equal(entries.OrderBy(entry => entry.At).Select(entry => entry.DeliveryId), entries.Select(entry => entry.DeliveryId));

        await intake.ProcessAsync(TestEvents.SummaryEdited("10", DateTimeOffset.UtcNow.AddSeconds(9)));

        Assert.Equal(2, _client.Woken.Count);
        Assert.Single(await inbox.ReadAsync(intake.InstanceId("10"), [.. entries.Select(entry => entry.DeliveryId)], 100, default));
    }

    [Fact]
    public async Task Run_LargeBody_IsProcessedAndItsBlobDeleted()
    {
        var account = storage.NewAccount();
        var intake = Intake(account);

        await intake.ProcessAsync(TestEvents.LabelAdded("10", padding: 100_000));

        Assert.Single(_client.Started);
        Assert.Empty(account.Container(StorageNames.PayloadContainer).GetBlobs());
    }

    [Fact]
    public async Task Run_CrashAtEachWrite_LosesNothingAndStartsOneRun()
    {
        // Counts the writes of an undisturbed event first, then dies at each of them, before and after, and is delivered again.
        var undisturbed = new CrashingInbox(new Inbox(storage.NewAccount(), TimeProvider.System));
        await Intake(storage.NewAccount(), undisturbed).ProcessAsync(TestEvents.LabelAdded("1"));
        Assert.True(undisturbed.Calls >= 2);

        for (var at = 1; at <= undisturbed.Calls; at++)
        {
            foreach (var after in (bool[])[false, true])
            {
                var client = new FakeDurableTaskClient();
                var account = storage.NewAccount();
                var inbox = new CrashingInbox(new Inbox(account, TimeProvider.System)) { CrashAt = at, AfterTheCall = after };
                var intake = Intake(account, inbox, client);
                var body = TestEvents.LabelAdded("10");

                await Assert.ThrowsAsync<IOException>(() => intake.ProcessAsync(body, "delivery-1"));
                await intake.ProcessAsync(body, "delivery-1");

                Assert.Single(client.Started);
            }
        }
    }

    [Fact]
    public async Task Run_CrashBeforeTheRunWasWoken_IsWokenByTheRedelivery()
    {
        var intake = Intake(storage.NewAccount());
        await intake.ProcessAsync(TestEvents.LabelAdded("10"));
        var body = TestEvents.SummaryEdited("10");
        _client.FailNextEvent = new IOException("killed");

        await Assert.ThrowsAsync<IOException>(() => intake.ProcessAsync(body));
        await intake.ProcessAsync(body);

        Assert.Single(_client.Woken);
    }

    [Fact]
    public async Task Run_StartFailsOnce_IsTriedAgain()
    {
        var intake = Intake(storage.NewAccount());
        _client.FailNextStart = new InvalidOperationException("The host is not ready.");

        await intake.ProcessAsync(TestEvents.LabelAdded("10"));

        Assert.Single(_client.Started);
    }

    [Fact]
    public async Task Run_RetryWhileTheRunIsEnding_ContinuesItWhenItHasEnded()
    {
        var account = storage.NewAccount();
        var intake = Intake(account);
        await intake.ProcessAsync(TestEvents.LabelAdded("10"));
        var id = intake.InstanceId("10");
        var inbox = new Inbox(account, TimeProvider.System);
        await inbox.OpenAsync(id, _client.Started.Single().RunId, default);

        // Before the last look of the run: it hands the event on. After it: the intake waits for the end.
        await intake.ProcessAsync(TestEvents.Comment("10", "/squad retry", "901"));
        var next = await inbox.CloseAsync(id, _client.Started.Single().RunId, entry => entry.IsRetry, default);
        Assert.True(TicketRunState.Start(next!, TestEvents.Site).IsRetry);
        var second = intake.ProcessAsync(TestEvents.Comment("10", "/squad retry", "902"));
        _client.Set(id, OrchestrationRuntimeStatus.Failed);
        await second;

        Assert.Equal(2, _client.Started.Count);
        Assert.Equal(("902", true), (_client.Started.Last().StartComment, _client.Started.Last().IsRetry));
    }

    private TestIntake Intake(StorageAccount account, IInbox? inbox = null, FakeDurableTaskClient? client = null) =>
        new(account, inbox ?? new Inbox(account, TimeProvider.System), client ?? _client);
}
