using AgentSquad.Atlassian.Jira;
using AgentSquad.Functions.Activities;
using AgentSquad.Functions.Configuration;
using AgentSquad.Functions.Storage;
using AgentSquad.Functions.Tests.Support;
using Moq;

namespace AgentSquad.Functions.Tests.Activities;

/// <summary>What of a ticket the squad's agents get to read.</summary>
[Collection(StorageTests.Name)]
public sealed class TicketActivitiesTests(StorageFixture storage)
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly Mock<IJiraSite> _jira = new();
    private readonly SquadOptions _options = new();

    [Theory]
    [InlineData(CustomerView.Nothing, "before, plain, internal")]
    [InlineData(CustomerView.Questions, "before, plain")]
    public async Task ReadTicket_Comments_OnlyWhatEveryoneMayReadReachesTheAgents(CustomerView customersSee, string expected)
    {
        _options.CustomersSee = customersSee;
        _jira.Setup(jira => jira.GetTicketAsync("10", It.IsAny<CancellationToken>())).ReturnsAsync(TestSquad.Ticket);
        _jira.Setup(jira => jira.GetCommentsAsync("10", It.IsAny<CancellationToken>())).ReturnsAsync(
        [
            Comment("before", -1), Comment("plain", 1), Comment("internal", 2) with { IsInternal = true },
            Comment("restricted", 3) with { Visibility = new CommentVisibility("role", "Developers") }, Comment("/squad approve", 4),
            Comment("the squad's own", 5) with { Effect = new CommentEffect("status", TestSquad.Run.InstanceId, "status") },
        ]);
        var account = storage.NewAccount();
        var artifacts = new ArtifactStore(account);
        var activities = TestSquad.Tickets(account, _jira.Object, _options);

        var card = await activities.ReadTicket(new ReadInput(TestSquad.Run, 1, Start), TestRequest.Context());

        var snapshot = await artifacts.GetAsync<TicketSnapshot>(TestSquad.Run.InstanceId, card.Step, default);
        Assert.Equal(expected, string.Join(", ", snapshot.All.Select(note => note.Text)));
        Assert.Equal("before", Assert.Single(snapshot.Earlier).Text);
    }

    private static TicketComment Comment(string text, int minute) =>
        new($"{900 + minute}", TestSquad.Rita, text, Start.AddMinutes(minute), Start.AddMinutes(minute), null, null);
}
