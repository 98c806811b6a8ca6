using System.Net;
using AgentSquad.Atlassian.Jira;
using AgentSquad.Core.Commands;
using AgentSquad.Core.Tickets;
using AgentSquad.Functions.Activities;
using AgentSquad.Functions.Configuration;
using AgentSquad.Functions.Intake;
using AgentSquad.Functions.Run;
using AgentSquad.Functions.Storage;
using AgentSquad.Functions.Tests.Support;
using Moq;

namespace AgentSquad.Functions.Tests.Activities;

[Collection(StorageTests.Name)]
public sealed class SignalReaderTests(StorageFixture storage)
{
    private static readonly Person Rita = TestSquad.Rita;
    private static readonly Person Mallory = new("mallory", "Mallory");

    private readonly Mock<IJiraClient> _jira = new();
    private readonly SquadOptions _options = new();

    [Fact]
    public async Task Read_ReportersCommand_IsGranted()
    {
        var signal = await ReadCommentAsync("/squad approve", Rita);

        Assert.Equal((SignalKind.Command, CommandKind.Approve, null), (signal.Kind, signal.Command, signal.Refusal));
        Assert.Equal("Rita (reporter)", signal.By);
    }

    [Theory]
    [InlineData("/squad approve")]
    [InlineData("/squad stop")]
    [InlineData("/squad retry")]
    public async Task Read_CommandOfSomeoneElse_IsRefused(string text) => Assert.NotNull((await ReadCommentAsync(text, Mallory)).Refusal);

    [Fact]
    public async Task Read_EventClaimsAnotherAuthorAndText_TheSiteCounts()
    {
        // The event says that Rita approved; the site says that Mallory chatted.
        var signal = await ReadAsync(CommentEvent(TicketEventKind.CommentCreated, Rita, "/squad approve"), Comment("How nice.", Mallory));

        Assert.Equal(SignalKind.Note, signal.Kind);
    }

    [Fact]
    public async Task Read_CommandInAnEdit_IsNone()
    {
        var signal = await ReadAsync(CommentEvent(TicketEventKind.CommentUpdated, Rita, ""), Comment("/squad approve", Rita));

        Assert.Equal(SignalKind.Nothing, signal.Kind);
    }

    [Fact]
    public async Task Read_OwnComment_MeansNothing()
    {
        var own = Comment("/squad approve", Rita) with { Effect = new CommentEffect("k", TestSquad.Run.InstanceId, "status") };

        Assert.Equal(SignalKind.Nothing, (await ReadAsync(CommentEvent(TicketEventKind.CommentCreated, Rita, ""), own)).Kind);
    }

    [Fact]
    public async Task Read_ForgedMarker_GivesNoRight()
    {
        var forged = Comment("/squad approve", Mallory) with { Effect = new CommentEffect("k", "jira-12345678-10", "approval") };

        Assert.Equal(SignalKind.Nothing, (await ReadAsync(CommentEvent(TicketEventKind.CommentCreated, Mallory, ""), forged)).Kind);
    }

    [Fact]
    public async Task Read_DeletedComment_MeansNothing() =>
        Assert.Equal(SignalKind.Nothing, (await ReadAsync(CommentEvent(TicketEventKind.CommentCreated, Rita, "/squad approve"), comment: null)).Kind);

    [Fact]
    public async Task Read_DeletionThatTheSiteKnowsNothingOf_MeansNothing() =>
        Assert.Equal(SignalKind.Nothing, (await ReadAsync(Deletion(), comment: null)).Kind);

    [Fact]
    public async Task Read_DeletionThatTheSiteConfirms_EndsTheRun()
    {
        _jira.Setup(jira => jira.GetTicketAsync("10", It.IsAny<CancellationToken>()))
            .ThrowsAsync(new JiraException("It does not exist.") { StatusCode = HttpStatusCode.NotFound });

        var signal = Assert.Single(await Reader().ReadAsync(new InboxInput(TestSquad.Run, [], "", []), [Deletion()], default));

        Assert.Equal(SignalKind.TicketDeleted, signal.Kind);
    }

    [Fact]
    public async Task Read_RestrictedComment_IsNotReadButMayCommand()
    {
        var visibility = new CommentVisibility("role", "Administrators");

        Assert.Equal(SignalKind.Unread, (await ReadAsync(
            CommentEvent(TicketEventKind.CommentCreated, Rita, ""), Comment("Only for us.", Rita) with { Visibility = visibility })).Kind);
        Assert.Equal(SignalKind.Command, (await ReadAsync(
            CommentEvent(TicketEventKind.CommentCreated, Rita, ""), Comment("/squad stop", Rita) with { Visibility = visibility })).Kind);
    }

    [Theory]
    [InlineData("/squad revise leave out the salaries", true)]
    [InlineData("/squad approve", false)]
    public async Task Read_RestrictedCommand_MayNotBringWhatIsForAFewIntoThePlan(string text, bool refused)
    {
        var signal = await ReadAsync(
            CommentEvent(TicketEventKind.CommentCreated, Rita, ""), Comment(text, Rita) with { Visibility = new CommentVisibility("role", "Administrators") });

        Assert.Equal(refused, signal.Refusal is not null);
    }

    [Theory]
    [InlineData(nameof(MembershipResult.Member), nameof(MembershipResult.NotMember), true)]
    [InlineData(nameof(MembershipResult.NotMember), nameof(MembershipResult.Member), true)]
    [InlineData(nameof(MembershipResult.NotMember), nameof(MembershipResult.NotMember), false)]
    [InlineData(nameof(MembershipResult.CannotCheck), nameof(MembershipResult.NotMember), false)]
    [InlineData(nameof(MembershipResult.CannotCheck), nameof(MembershipResult.Member), true)]
    public async Task Read_RightByRoleOrGroup_IsAskedOfTheSite(string role, string group, bool granted)
    {
        _options.Approval.Deciders = new RightOptions { Reporter = false, Assignee = false, ProjectRoles = ["Leads"], Groups = ["deciders"] };
        _jira.Setup(jira => jira.IsInProjectRoleAsync("TEST", "mallory", "Leads", It.IsAny<CancellationToken>())).ReturnsAsync(Answer(role));
        _jira.Setup(jira => jira.IsInGroupAsync("mallory", "deciders", It.IsAny<CancellationToken>())).ReturnsAsync(Answer(group));

        var signal = await ReadCommentAsync("/squad approve", Mallory);

        Assert.Equal(granted, signal.Refusal is null);
        if (role == nameof(MembershipResult.CannotCheck) && !granted) Assert.Contains("did not tell", signal.Refusal, StringComparison.Ordinal);

        static MembershipAnswer Answer(string result) => new(Enum.Parse<MembershipResult>(result), "the right to browse users is missing");
    }

    [Fact]
    public async Task Read_ReporterMay_NothingIsAskedOfTheSite()
    {
        _options.Approval.Deciders = new RightOptions { Groups = ["deciders"] };

        Assert.Null((await ReadCommentAsync("/squad approve", Rita)).Refusal);

        _jira.Verify(jira => jira.IsInGroupAsync(It.IsAny<string>(), It.IsAny<string>(), It.IsAny<CancellationToken>()), Times.Never);
    }

    [Fact]
    public async Task Read_Unreadable_IsAnInvalidCommand()
    {
        var signal = await ReadCommentAsync("/squad dance", Mallory);

        Assert.Equal(SignalKind.InvalidCommand, signal.Kind);
        Assert.Contains("dance", signal.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task Read_OperatorsApproval_NeedsTheSetting(bool allowed, bool granted)
    {
        _options.OperatorsMayApprove = allowed;
        var entry = Entry(new TicketEvent { Kind = TicketEventKind.Other, Name = "operator", TicketId = "10" }) with
        {
            Operator = new OperatorCommand(CommandKind.Approve, null, "an operator"),
        };

        var signal = Assert.Single(await Reader().ReadAsync(new InboxInput(TestSquad.Run, [], "", []), [entry], default));

        Assert.Equal(granted, signal.Refusal is null);
    }

    [Theory]
    [InlineData("summary", nameof(SignalKind.Edited))]
    [InlineData("label", nameof(SignalKind.StopWithdrawn))]
    [InlineData("closed", nameof(SignalKind.StopWithdrawn))]
    [InlineData("specified by us", nameof(SignalKind.Nothing))]
    [InlineData("moved by us", nameof(SignalKind.Nothing))]
    [InlineData("nothing", nameof(SignalKind.Nothing))]
    public async Task Read_ChangedTicket_IsComparedWithTheLastReading(string what, string expected)
    {
        var account = storage.NewAccount();
        var before = TestSquad.Ticket;
        await new ArtifactStore(account).SaveAsync(TestSquad.Run.InstanceId, "ticket/1", new TicketSnapshot(before, [], []), default);
        var done = new TicketStatus("3", "Done", StatusCategory.Done);
        _jira.Setup(jira => jira.GetTicketAsync("10", It.IsAny<CancellationToken>())).ReturnsAsync(what switch
        {
            "summary" => before with { Summary = "Another summary" },
            "label" => before with { Labels = [] },
            "specified by us" => before with { Description = Core.Squad.Specification.Put(before.Description, "**A ticket**") },
            "closed" or "moved by us" => before with { Status = done },
            _ => before,
        });
        var entry = Entry(new TicketEvent { Kind = TicketEventKind.Updated, Name = "jira:issue_updated", TicketId = "10" });

        var signal = Assert.Single(await Reader(account).ReadAsync(
            new InboxInput(TestSquad.Run, [], "ticket/1", what == "moved by us" ? ["Done"] : []), [entry], default));

        Assert.Equal(expected, signal.Kind.ToString());
    }

    private Task<Signal> ReadCommentAsync(string text, Person author) =>
        ReadAsync(CommentEvent(TicketEventKind.CommentCreated, author, text), Comment(text, author));

    private async Task<Signal> ReadAsync(InboxEvent entry, TicketComment? comment)
    {
        _jira.Setup(jira => jira.GetCommentAsync("10", "900", It.IsAny<CancellationToken>())).ReturnsAsync(comment);
        _jira.Setup(jira => jira.GetTicketAsync("10", It.IsAny<CancellationToken>())).ReturnsAsync(TestSquad.Ticket);
        return Assert.Single(await Reader().ReadAsync(new InboxInput(TestSquad.Run, [], "", []), [entry], default));
    }

    private SignalReader Reader(StorageAccount? account = null) =>
        TestSquad.Signals(new ArtifactStore(account ?? storage.NewAccount()), _jira.Object, _options);

    private static TicketComment Comment(string text, Person author) => new("900", author, text, DateTimeOffset.UtcNow, DateTimeOffset.UtcNow, null, null);

    private static InboxEvent CommentEvent(TicketEventKind kind, Person author, string text) => Entry(new TicketEvent
    {
        Kind = kind, Name = "comment_created", TicketId = "10", Actor = author, Comment = new CommentReference("900", author, text),
    });

    private static InboxEvent Deletion() => Entry(new TicketEvent { Kind = TicketEventKind.Deleted, Name = "jira:issue_deleted", TicketId = "10" });

    private static InboxEvent Entry(TicketEvent ticketEvent) => InboxEvent.Of("d1", starts: false, "", DateTimeOffset.UtcNow, ticketEvent);
}
