using AgentSquad.Atlassian.Jira;
using AgentSquad.Core.Squad;
using AgentSquad.Functions.Activities;
using AgentSquad.Functions.Intake;
using AgentSquad.Functions.Run;
using AgentSquad.Functions.Storage;
using AgentSquad.Functions.Tests.Support;
using Moq;

namespace AgentSquad.Functions.Tests.Activities;

/// <summary>What a run sees when it looks at the ticket before it reminds people or gives up.</summary>
[Collection(StorageTests.Name)]
public sealed class LookTests(StorageFixture storage)
{
    private static readonly DateTimeOffset Read = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly Mock<IJiraClient> _jira = new();

    [Theory]
    [InlineData("answer", nameof(SignalKind.Note))]
    [InlineData("edit", nameof(SignalKind.Edited))]
    [InlineData("known", "")]
    [InlineData("own", "")]
    [InlineData("restricted", "")]
    [InlineData("command", "")]
    [InlineData("withdrawn", "")]
    [InlineData("nothing", "")]
    public async Task ReadInbox_ThatLooks_FindsAnswersThatNoEventHasToldOf(string what, string expected)
    {
        var account = storage.NewAccount();
        var snapshot = new TicketSnapshot(TestSquad.Ticket, [], [new TicketNote(TestSquad.Rita, "Known.", Read)]);
        await new ArtifactStore(account).SaveAsync(TestSquad.Run.InstanceId, "ticket/1", snapshot, default);
        var known = new TicketComment("1", TestSquad.Rita, "Known.", Read, Read, null, null);
        var late = known with { Id = "2", Text = "PDF as well.", Created = Read.AddDays(1) };
        _jira.Setup(jira => jira.GetCommentsAsync("10", It.IsAny<CancellationToken>())).ReturnsAsync(what switch
        {
            "answer" => [known, late],
            "own" => [known, late with { Effect = new CommentEffect("k", TestSquad.Run.InstanceId, "status") }],
            "restricted" => [known, late with { Visibility = new CommentVisibility("role", "Developers") }],
            "command" => [known, late with { Text = "/squad approve" }],
            "nothing" => [],
            _ => [known],
        });
        _jira.Setup(jira => jira.GetTicketAsync("10", It.IsAny<CancellationToken>())).ReturnsAsync(what switch
        {
            "edit" => TestSquad.Ticket with { Summary = "Another summary" },
            "withdrawn" => TestSquad.Ticket with { Labels = [] },
            _ => TestSquad.Ticket,
        });
        await new Inbox(account, TimeProvider.System).OpenAsync(TestSquad.Run.InstanceId, TestSquad.Run.RunId, default);
        var books = TestSquad.Books(account, _jira.Object);
        var input = new InboxInput(TestSquad.Run, [], "ticket/1", []);

        var card = await books.ReadInbox(input with { LooksAtSite = true }, TestRequest.Context());

        Assert.Equal(expected, string.Join(", ", card.Signals.Select(signal => signal.Kind)));
        Assert.Empty(card.Read);
        Assert.Empty((await books.ReadInbox(input, TestRequest.Context())).Signals);
    }
}
