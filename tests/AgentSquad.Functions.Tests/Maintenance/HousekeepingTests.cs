using AgentSquad.Atlassian.Jira;
using AgentSquad.Core.Squad;
using AgentSquad.Functions.Intake;
using AgentSquad.Functions.Maintenance;
using AgentSquad.Functions.Storage;
using AgentSquad.Functions.Tests.Support;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;

namespace AgentSquad.Functions.Tests.Maintenance;

[Collection(StorageTests.Name)]
public sealed class HousekeepingTests(StorageFixture storage)
{
    [Fact]
    public async Task CorrectStatusComments_RunTerminatedAtWork_SaysSoOnce()
    {
        var client = new FakeDurableTaskClient();
        client.Runs.Add(TestRuns.Run("1", RunStage.Work, OrchestrationRuntimeStatus.Terminated));
        client.Runs.Add(TestRuns.Run("2", RunStage.Failed, OrchestrationRuntimeStatus.Failed));
        client.Runs.Add(TestRuns.Run("3", RunStage.Work, OrchestrationRuntimeStatus.Running));
        client.Runs.Add(TestRuns.Run("4", RunStage.Stopped, OrchestrationRuntimeStatus.Failed, isUnwritten: true));
        var written = new List<(string IssueId, CommentDraft Draft)>();
        var effects = new Mock<ITicketEffects>();
        effects.Setup(e => e.EnsureCommentAsync(It.IsAny<string>(), It.IsAny<CommentDraft>(), It.IsAny<string?>(), It.IsAny<CancellationToken>()))
            .Callback((string issueId, CommentDraft draft, string? _, CancellationToken _) => written.Add((issueId, draft)))
            .ReturnsAsync("100");
        var account = storage.NewAccount();
        var artifacts = new ArtifactStore(account);
        var housekeeping = new Housekeeping(
            new Inbox(account, TimeProvider.System), new DeliveryLog(account, TimeProvider.System), TestSquad.Comments(artifacts, effects.Object), artifacts,
            TimeProvider.System, NullLogger<Housekeeping>.Instance);

        await housekeeping.CorrectStatusComments(new TimerInfo(), client, TestRequest.Context());
        await housekeeping.CorrectStatusComments(new TimerInfo(), client, TestRequest.Context());

        Assert.Equal(["1", "4"], written.Select(comment => comment.IssueId));
        Assert.Contains("stopped", written[1].Draft.Text, StringComparison.Ordinal);
        var (issue, draft) = written[0];
        Assert.Equal(("1", "0123456789ab/status"), (issue, draft.Effect?.Key));
        Assert.Contains("An operator ended the run", draft.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ForgetDeliveries_OldAndHandled_AreForgottenAndOthersKept()
    {
        var account = storage.NewAccount();
        var old = new Inbox(account, TestSquad.ClockAt(DateTimeOffset.UtcNow.AddHours(-50)));
        var entry = new InboxEvent("d1", Starts: false, "", DateTimeOffset.UtcNow, new() { Kind = 0, Name = "x", TicketId = "1" });
        await old.AddAsync("i", entry, default);
        await old.AddAsync("i", entry with { DeliveryId = "d2" }, default);
        await old.HandledAsync("i", "d1", default);
        await old.ReadAsync("i", ["d1"], 10, default);

        var inbox = new Inbox(account, TimeProvider.System);
        Assert.Equal(1, await inbox.PurgeAsync(DateTimeOffset.UtcNow.AddHours(-48), default));
        Assert.Equal("d2", Assert.Single(await inbox.ReadAsync("i", [], 10, default)).DeliveryId);
    }
}
