using System.Collections.Concurrent;
using AgentSquad.Atlassian.Jira;
using AgentSquad.Core.Squad;
using AgentSquad.Core.Tickets;
using AgentSquad.Functions.Activities;
using AgentSquad.Functions.Intake;
using AgentSquad.Functions.Run;
using AgentSquad.Functions.Storage;
using AgentSquad.Functions.Tests.Support;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;

namespace AgentSquad.Functions.Tests.Intake;

/// <summary>A thousand comments on one ticket while its run is open: shuffled, doubled, late, with commands among them.</summary>
[Collection(StorageTests.Name)]
public sealed class CommentFloodTests(StorageFixture storage)
{
    private const int Comments = 1000;
    private const int HelpEvery = 250;

    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly string Instance = TestRuns.InstanceId("10");

    [Fact]
    public async Task Flood_ThousandCommentsInAnyOrder_AreEachReadOnceAndTheRunEndsRight()
    {
        var account = storage.NewAccount();
        var inbox = new Inbox(account, TimeProvider.System);
        var client = new FakeDurableTaskClient();
        client.Set(Instance, OrchestrationRuntimeStatus.Running);
        var starter = new RunStarter(inbox, TimeProvider.System, NullLogger<RunStarter>.Instance);
        await inbox.OpenAsync(Instance, TicketScript.Input().RunId, default);
        var activities = Activities(account, inbox);
        var run = TicketScript.Happy();
        run.On<TriageInput>(nameof(AgentActivities.Triage), triage => triage.Round < 2
            ? new TriageCard($"triage/{triage.Round}", TriageVerdict.Unclear, "No expected result.", 2, "same", "Rita")
            : new TriageCard($"triage/{triage.Round}", TriageVerdict.Ready, "Clear.", 0));
        var work = new TaskCompletionSource<object?>();
        run.On<SquadTaskInput>(nameof(SquadTaskOrchestrator), task => task.Task.Id == "T1"
            ? work.Task
            : new SquadTaskResult(task.Task.Id, SquadTaskOutcome.Done, "out", 1));
        var read = new ConcurrentBag<string>();
        run.On<InboxInput>(nameof(RunActivities.ReadInbox), input => ReadAsync(input));
        var ending = TicketOrchestrator.RunAsync(run.Context);

        // Some come twice; all come in an order of their own. The seed is fixed: a failure repeats itself.
        var random = new Random(4711);
        var deliveries = Enumerable.Range(0, Comments).Concat(Enumerable.Range(0, Comments / 10).Select(i => i * 7)).ToArray();
        random.Shuffle(deliveries);
        await Parallel.ForEachAsync(deliveries, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (number, token) =>
        {
            var entry = Entry(number);
            if (await inbox.AddAsync(Instance, entry, token) == InboxProgress.Handled) return;
            if (number % 10 == 0) await starter.DeliverAsync(client, TestEvents.Site, Instance, entry, token);
            await inbox.HandledAsync(Instance, entry.DeliveryId, token);
        });
        run.Raise(RunStarter.WakeEvent);
        await AllReadAsync();
        work.SetResult(new SquadTaskResult("T1", SquadTaskOutcome.Done, "out", 1));

        Assert.Equal("Deliver", await ending.WaitAsync(TimeSpan.FromSeconds(60)));
        Assert.Equal(Comments, read.Distinct().Count());
        Assert.Equal(Comments / HelpEvery, run.CountOf(nameof(CommentActivities.PublishReply)));
        Assert.Equal(1, run.CountOf(nameof(CommentActivities.PublishQuestions)));
        Assert.InRange(run.Calls.Count, 1, 2 * TicketStory.LongestHistory);
        Assert.Empty(await inbox.ReadAsync(Instance, [.. read], Comments, default));

        async Task<object?> ReadAsync(InboxInput input)
        {
            var card = await activities.ReadInbox(input, TestRequest.Context());
            foreach (var id in card.Read) read.Add(id);
            return card;
        }

        async Task AllReadAsync()
        {
            using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            while (read.Distinct().Count() < Comments) await Task.Delay(20, timeout.Token);
        }
    }

    private static RunActivities Activities(StorageAccount account, Inbox inbox)
    {
        var jira = new Mock<IJiraClient>();
        jira.Setup(j => j.GetTicketAsync("10", It.IsAny<CancellationToken>())).ReturnsAsync(TestSquad.Ticket);
        jira.Setup(j => j.GetCommentAsync("10", It.IsAny<string>(), It.IsAny<CancellationToken>())).ReturnsAsync((string _, string id, CancellationToken _) =>
            new TicketComment(id, TestSquad.Rita, int.Parse(id, null) % HelpEvery == 0 ? "/squad help" : $"Remark {id}", Start, Start, null, null));
        return TestSquad.Books(account, jira.Object, inbox: inbox);
    }

    private static InboxEvent Entry(int number) => InboxEvent.Of($"d{number}", starts: false, "", Start.AddSeconds(number), new TicketEvent
    {
        Kind = TicketEventKind.CommentCreated, Name = "comment_created", TicketId = "10", Actor = TestSquad.Rita, Comment = new CommentReference($"{number}", TestSquad.Rita, ""),
    });
}
