using System.Net;
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
        var housekeeping = Housekeeping(effects.Object);

        await housekeeping.CorrectStatusComments(new TimerInfo(), client, TestRequest.Context());
        await housekeeping.CorrectStatusComments(new TimerInfo(), client, TestRequest.Context());

        Assert.Equal(["1", "4"], written.Select(comment => comment.IssueId));
        Assert.Contains("stopped", written[1].Draft.Text, StringComparison.Ordinal);
        var (issue, draft) = written[0];
        Assert.Equal(("1", "0123456789ab/status"), (issue, draft.Effect?.Key));
        Assert.Contains("An operator ended the run", draft.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized, JiraFailure.Unauthorized, 3)]
    [InlineData(HttpStatusCode.NotFound, JiraFailure.Unauthorized, 3)]
    [InlineData(HttpStatusCode.Forbidden, JiraFailure.Forbidden, 3)]
    [InlineData(HttpStatusCode.NotFound, JiraFailure.NotFound, 1)]
    public async Task CorrectStatusComments_Refused_IsTriedUntilItIsWrittenOrTheTicketGone(HttpStatusCode status, JiraFailure failure, int tries)
    {
        var client = new FakeDurableTaskClient();
        client.Runs.Add(TestRuns.Run("1", RunStage.Work, OrchestrationRuntimeStatus.Terminated));
        var refusals = 2;
        var effects = new Mock<ITicketEffects>();
        effects.Setup(e => e.EnsureCommentAsync(It.IsAny<string>(), It.IsAny<CommentDraft>(), It.IsAny<string?>(), It.IsAny<CancellationToken>()))
            .Returns(() => refusals-- > 0
                ? Task.FromException<string>(new JiraException("refused") { StatusCode = status, Failure = failure })
                : Task.FromResult("100"));
        var housekeeping = Housekeeping(effects.Object);

        for (var look = 0; look < 5; look++) await housekeeping.CorrectStatusComments(new TimerInfo(), client, TestRequest.Context());

        Assert.Equal(tries, effects.Invocations.Count);
    }

    [Fact]
    public async Task CorrectStatusComments_RunThatWasRetried_EditsTheCommentOfTheRunThatItWentOnWith()
    {
        var client = new FakeDurableTaskClient();
        client.Runs.Add(TestRuns.Run("1", RunStage.Work, OrchestrationRuntimeStatus.Terminated, runId: "fedcba9876543210", commentId: "77"));
        var effects = new Mock<ITicketEffects>();

        await Housekeeping(effects.Object).CorrectStatusComments(new TimerInfo(), client, TestRequest.Context());

        effects.Verify(e => e.EnsureCommentAsync(
            "1", It.Is<CommentDraft>(draft => draft.Effect!.Key == "fedcba987654/status"), "77", It.IsAny<CancellationToken>()));
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

    private Housekeeping Housekeeping(ITicketEffects effects)
    {
        var account = storage.NewAccount();
        var artifacts = new ArtifactStore(account);
        return new Housekeeping(
            new Inbox(account, TimeProvider.System), new DeliveryLog(account, TimeProvider.System), TestSquad.Comments(artifacts, effects), artifacts,
            TimeProvider.System, NullLogger<Housekeeping>.Instance);
    }
}
