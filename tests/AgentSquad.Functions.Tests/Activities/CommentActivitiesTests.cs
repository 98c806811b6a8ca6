using AgentSquad.Atlassian.Jira;
using AgentSquad.Core.Escalation;
using AgentSquad.Core.Squad;
using AgentSquad.Functions.Activities;
using AgentSquad.Functions.Configuration;
using AgentSquad.Functions.Run;
using AgentSquad.Functions.Storage;
using AgentSquad.Functions.Tests.Support;
using Moq;

namespace AgentSquad.Functions.Tests.Activities;

/// <summary>For whose eyes the squad's comments are.</summary>
[Collection(StorageTests.Name)]
public sealed class CommentActivitiesTests(StorageFixture storage)
{
    private readonly Mock<ITicketEffects> _effects = new();
    private readonly Mock<IJiraClient> _jira = new();
    private readonly List<CommentDraft> _written = [];

    [Theory]
    [InlineData(CustomerView.Nothing, "")]
    [InlineData(CustomerView.Questions, "question, reminder")]
    public async Task Comments_ServiceDesk_AreInternalNotesButWhatCustomersAreAsked(CustomerView customersSee, string seen)
    {
        var comments = await CommentsAsync(new SquadOptions { CustomersSee = customersSee });
        var wait = new Wait("question/1", "Rita", "answers to 1 question", DateTimeOffset.UnixEpoch, Done: 0, Needs: false);

        await comments.PublishStatus(new StatusInput(TestSquad.Run, TicketScript.Input().ToStatus(), null, null), TestRequest.Context());
        await comments.PublishQuestions(new QuestionsInput(TestSquad.Run, "ticket/1", "triage/1", 1), TestRequest.Context());
        await comments.PublishReminder(
            new ReminderInput(TestSquad.Run, "ticket/1", wait, WaitingStepKind.Remind, 1, DateTimeOffset.UnixEpoch.AddDays(1), ReminderOptions.Default), TestRequest.Context());
        await comments.PublishFailure(new FailureInput(TestSquad.Run, RunStage.Work, "It broke.", [], null, 1), TestRequest.Context());

        Assert.Equal(["status", "question", "reminder", "failure"], _written.Select(draft => draft.Effect?.Kind));
        Assert.Equal(seen, string.Join(", ", _written.Where(draft => !draft.IsInternal).Select(draft => draft.Effect?.Kind)));
        Assert.All(_written, draft => Assert.Null(draft.Visibility));
    }

    [Fact]
    public async Task PublishReply_ToARestrictedComment_IsForTheSamePeople()
    {
        var visibility = new CommentVisibility("role", "Developers");
        _jira.Setup(jira => jira.GetCommentAsync("10", "900", It.IsAny<CancellationToken>()))
            .ReturnsAsync(new TicketComment("900", TestSquad.Rita, "/squad status", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, null, visibility));

        await (await CommentsAsync(new SquadOptions())).PublishReply(new ReplyInput(TestSquad.Run, "900", "An answer.", null, null), TestRequest.Context());

        Assert.Equal(visibility, Assert.Single(_written).Visibility);
    }

    [Theory]
    [InlineData(1, "approval/2", "reminder/approval/2/1")]
    [InlineData(3, "approval/2/attempt-3", "reminder/approval/2/1/attempt-3")]
    public async Task Comments_AskedAgainAfterARetry_AreNewOnes(int attempt, string approval, string reminder)
    {
        var run = TestSquad.Run with { Attempt = attempt };
        var wait = new Wait("approval/2", "Rita", "a decision about the plan", DateTimeOffset.UnixEpoch, Done: 0, Needs: true);
        var comments = await CommentsAsync(new SquadOptions());

        await comments.PublishApproval(new ApprovalInput(run, "ticket/1", "plan/2", 2, DateTimeOffset.UnixEpoch.AddDays(10)), TestRequest.Context());
        await comments.PublishReminder(
            new ReminderInput(run, "ticket/1", wait, WaitingStepKind.Remind, 1, DateTimeOffset.UnixEpoch.AddDays(1), ReminderOptions.Default), TestRequest.Context());

        Assert.Equal([run.Key(approval), run.Key(reminder)], _written.Select(draft => draft.Effect?.Key));
    }

    private async Task<CommentActivities> CommentsAsync(SquadOptions options)
    {
        _effects.Setup(effects => effects.EnsureCommentAsync("10", It.IsAny<CommentDraft>(), It.IsAny<string?>(), It.IsAny<CancellationToken>()))
            .Callback((string _, CommentDraft draft, string? _, CancellationToken _) => _written.Add(draft)).ReturnsAsync("100");
        var artifacts = new ArtifactStore(storage.NewAccount());
        await artifacts.SaveAsync(TestSquad.Run.InstanceId, "ticket/1", new TicketSnapshot(TestSquad.Ticket, [], []), default);
        await artifacts.SaveAsync(
            TestSquad.Run.InstanceId, "triage/1", new TriageResult(TriageVerdict.Unclear, "No result.", [], ["What is expected?"], []), default);
        await artifacts.SaveAsync(TestSquad.Run.InstanceId, "plan/2", new SquadPlan("A plan.", [], 3, []), default);
        return TestSquad.Comments(artifacts, _effects.Object, _jira.Object, options);
    }
}
