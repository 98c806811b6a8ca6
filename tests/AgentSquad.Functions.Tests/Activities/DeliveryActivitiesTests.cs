using System.Net;
using System.Text;
using AgentSquad.Agents.Safety;
using AgentSquad.Atlassian.Confluence;
using AgentSquad.Atlassian.Jira;
using AgentSquad.Core.Squad;
using AgentSquad.Functions.Activities;
using AgentSquad.Functions.Configuration;
using AgentSquad.Functions.Run;
using AgentSquad.Functions.Storage;
using AgentSquad.Functions.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Moq;

namespace AgentSquad.Functions.Tests.Activities;

[Collection(StorageTests.Name)]
public sealed class DeliveryActivitiesTests(StorageFixture storage)
{
    private readonly Mock<IJiraSite> _jira = new();
    private readonly Mock<ISiteEffects> _effects = new();
    private readonly Mock<IConfluenceClient> _confluence = new();
    private readonly SquadOptions _options = new();

    private static SecretGuard Guard { get; } = new(["a-key-of-our-own"]);

    [Fact]
    public async Task AttachOutputs_EachTask_BecomesAFile()
    {
        var content = "";
        _effects.Setup(e => e.EnsureAttachmentAsync("10", "T1-specify-the-export.md", It.IsAny<ReadOnlyMemory<byte>>(), It.IsAny<CancellationToken>()))
            .Callback((string _, string _, ReadOnlyMemory<byte> bytes, CancellationToken _) => content = Encoding.UTF8.GetString(bytes.Span))
            .ReturnsAsync(new TicketAttachment("1", "T1-specify-the-export-abc.md", 1, null, DateTimeOffset.UnixEpoch));

        var card = await (await ActivitiesAsync()).AttachOutputs(Input(), TestRequest.Context());

        Assert.Equal("T1-specify-the-export-abc.md", Assert.Single(card.Artifacts).Name);
        Assert.Contains("The file is UTF-8, and [redacted] is in it.", content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AttachOutputs_SiteForbidsIt_LeavesTheOutputsToTheComment()
    {
        _effects.Setup(e => e.EnsureAttachmentAsync(It.IsAny<string>(), It.IsAny<string>(), It.IsAny<ReadOnlyMemory<byte>>(), It.IsAny<CancellationToken>()))
            .ThrowsAsync(new JiraException("Attaching failed (403).") { StatusCode = HttpStatusCode.Forbidden });

        Assert.Empty((await (await ActivitiesAsync()).AttachOutputs(Input(), TestRequest.Context())).Artifacts);
    }

    [Fact]
    public async Task AttachOutputs_Outage_IsSatOut()
    {
        _effects.Setup(e => e.EnsureAttachmentAsync(It.IsAny<string>(), It.IsAny<string>(), It.IsAny<ReadOnlyMemory<byte>>(), It.IsAny<CancellationToken>()))
            .ThrowsAsync(new JiraException("No answer.") { IsTransient = true });
        var activities = await ActivitiesAsync();

        await Assert.ThrowsAsync<TransientStepException>(() => activities.AttachOutputs(Input(), TestRequest.Context()));
    }

    [Theory]
    [InlineData(null, false, true)]
    [InlineData("Board only", false, false)]
    [InlineData("Board only", true, true)]
    public async Task PublishPage_SecurityLevel_NeedsTheSetting(string? level, bool allowed, bool written)
    {
        _options.Delivery.PageForRestrictedTickets = allowed;
        _jira.Setup(j => j.GetTicketAsync("10", It.IsAny<CancellationToken>())).ReturnsAsync(TestSquad.Ticket with { SecurityLevel = level });
        var space = new ConfluenceSpace("7", "DOC", "Docs");
        _confluence.Setup(c => c.GetSpaceAsync("DOC", It.IsAny<CancellationToken>())).ReturnsAsync(space);
        _confluence.Setup(c => c.EnsurePageAsync(space, It.IsAny<string>(), It.IsAny<string>(), null, It.IsAny<CancellationToken>()))
            .ReturnsAsync(new ConfluencePage("9", "AgentSquad TEST-10", 1, "", "https://acme.atlassian.net/wiki/9"));

        var card = await (await ActivitiesAsync()).PublishPage(Input(), TestRequest.Context());

        Assert.Equal(written, card.Artifacts.Count == 1);
        _effects.Verify(
            e => e.EnsureRemoteLinkAsync("10", It.Is<RemoteLink>(link => link.Url == "https://acme.atlassian.net/wiki/9"), It.IsAny<CancellationToken>()),
            Times.Exactly(written ? 1 : 0));
    }

    [Fact]
    public async Task PublishPage_NoSuchSpace_DeliversWithoutAPage()
    {
        _jira.Setup(j => j.GetTicketAsync("10", It.IsAny<CancellationToken>())).ReturnsAsync(TestSquad.Ticket);

        Assert.Empty((await (await ActivitiesAsync()).PublishPage(Input(), TestRequest.Context())).Artifacts);
    }

    [Theory]
    [InlineData(SpecificationTarget.Attachment)]
    [InlineData(SpecificationTarget.Description)]
    public async Task WriteSpecification_AsConfigured_ReachesTheTicket(SpecificationTarget target)
    {
        _options.Specification = target;
        _jira.Setup(j => j.GetTicketAsync("10", It.IsAny<CancellationToken>())).ReturnsAsync(TestSquad.Ticket);
        _effects.Setup(e => e.EnsureAttachmentAsync("10", "specification.md", It.IsAny<ReadOnlyMemory<byte>>(), It.IsAny<CancellationToken>()))
            .ReturnsAsync(new TicketAttachment("1", "specification-abc.md", 1, null, DateTimeOffset.UnixEpoch));

        await (await ActivitiesAsync()).WriteSpecification(new SpecificationInput(TestSquad.Run, "ticket/1", "triage/1"), TestRequest.Context());

        var inDescription = target == SpecificationTarget.Description;
        _effects.Verify(
            e => e.EnsureAttachmentAsync("10", "specification.md", It.IsAny<ReadOnlyMemory<byte>>(), It.IsAny<CancellationToken>()),
            Times.Exactly(inDescription ? 0 : 1));
        _jira.Verify(
            j => j.UpdateTicketAsync(
                "10", It.Is<TicketEdit>(edit => edit.Description!.StartsWith("Export it.", StringComparison.Ordinal) && edit.Description.Contains("Semicolons", StringComparison.Ordinal)),
                It.IsAny<CancellationToken>()),
            Times.Exactly(inDescription ? 1 : 0));
    }

    [Fact]
    public async Task EnsureSubtasks_EachTask_IsASubtaskUnderTheTicket()
    {
        var drafts = new List<TicketDraft>();
        _jira.Setup(j => j.GetTicketAsync("10", It.IsAny<CancellationToken>())).ReturnsAsync(TestSquad.Ticket);
        _effects.Setup(e => e.EnsureSubtaskAsync("10", It.IsAny<TicketDraft>(), It.IsAny<CommentEffect>(), It.IsAny<CancellationToken>()))
            .Callback((string _, TicketDraft draft, CommentEffect _, CancellationToken _) => drafts.Add(draft))
            .ReturnsAsync(new TicketReference("501", "TEST-11"));

        var card = await (await BoardAsync()).EnsureSubtasks(new SubtasksInput(TestSquad.Run, "TEST-10", "plan/1", 1), TestRequest.Context());

        Assert.Equal("501", card.Ids["T1"]);
        var draft = Assert.Single(drafts);
        Assert.Equal(("TEST-10", "Sub-task", "T1 Specify the export"), (draft.ParentKey, draft.IssueType, draft.Summary));
    }

    [Fact]
    public async Task Board_SiteRefuses_SaysSoAndHoldsNothingUp()
    {
        var refused = new JiraException("No such issue type.") { StatusCode = HttpStatusCode.BadRequest };
        _jira.Setup(j => j.GetTicketAsync("10", It.IsAny<CancellationToken>())).ReturnsAsync(TestSquad.Ticket);
        _effects.Setup(e => e.EnsureSubtaskAsync("10", It.IsAny<TicketDraft>(), It.IsAny<CommentEffect>(), It.IsAny<CancellationToken>())).ThrowsAsync(refused);
        _effects.Setup(e => e.EnsureStatusAsync("501", "Done", It.IsAny<CancellationToken>())).ThrowsAsync(refused);
        var board = await BoardAsync();

        Assert.Contains("No such issue type", (await board.EnsureSubtasks(new SubtasksInput(TestSquad.Run, "TEST-10", "plan/1", 1), TestRequest.Context())).Problem, StringComparison.Ordinal);
        Assert.Null((await board.MoveSubtasks(new MoveSubtasksInput(TestSquad.Run, new Dictionary<string, string> { ["501"] = "Done" }), TestRequest.Context())).Problem);
    }

    private static DeliveryInput Input() => new(TestSquad.Run, "ticket/1", "triage/1", "plan/1", ["out/T1"], "verify/1");

    private async Task<BoardActivities> BoardAsync() =>
        new(_jira.Object, _effects.Object, await ArtifactsAsync(), Guard, Options.Create(_options), NullLogger<BoardActivities>.Instance);

    private async Task<DeliveryActivities> ActivitiesAsync() => new(
        _jira.Object, _effects.Object, _confluence.Object, Mock.Of<ISquadAgents>(agents => agents.Source == "offline rules"), await ArtifactsAsync(), Guard,
        Options.Create(_options), Options.Create(new ConfluenceOptions { BaseUrl = "https://acme.atlassian.net/wiki", SpaceKey = "DOC" }),
        NullLogger<DeliveryActivities>.Instance);

    private async Task<ArtifactStore> ArtifactsAsync()
    {
        var artifacts = new ArtifactStore(storage.NewAccount());
        var task = new PlannedTask("T1", "Specify the export", "Do it.", SquadRole.BackendDeveloper, ["It exports"], [], new Estimate(1, Confidence.High));
        await artifacts.SaveAsync(TestSquad.Run.InstanceId, "ticket/1", new TicketSnapshot(
            TestSquad.Ticket, [], [new TicketNote(TestSquad.Rita, "Semicolons, please.", DateTimeOffset.UnixEpoch)]), default);
        await artifacts.SaveAsync(TestSquad.Run.InstanceId, "triage/1", new TriageResult(TriageVerdict.Ready, "Clear.", ["It exports"], [], []), default);
        await artifacts.SaveAsync(TestSquad.Run.InstanceId, "plan/1", new SquadPlan("One task.", [task], 2, []), default);
        await artifacts.SaveAsync(TestSquad.Run.InstanceId, "out/T1", new TaskOutput("T1", "Specified", "The file is UTF-8, and a-key-of-our-own is in it.", []), default);
        await artifacts.SaveAsync(TestSquad.Run.InstanceId, "verify/1", new VerificationResult(VerificationVerdict.Approved, [], "All met."), default);
        return artifacts;
    }
}
