using AgentSquad.Agents.Safety;
using AgentSquad.Atlassian.Confluence;
using AgentSquad.Atlassian.Jira;
using AgentSquad.Core.Squad;
using AgentSquad.Core.Tickets;
using AgentSquad.Functions.Activities;
using AgentSquad.Functions.Configuration;
using AgentSquad.Functions.Intake;
using AgentSquad.Functions.Run;
using AgentSquad.Functions.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Moq;

namespace AgentSquad.Functions.Tests.Support;

/// <summary>A ticket, its run and the squad's activities as the app puts them together, with mocks for what tests do not bring.</summary>
internal static class TestSquad
{
    /// <summary>The reporter.</summary>
    public static Person Rita { get; } = new("rita", "Rita");

    /// <summary>The run of <see cref="Ticket"/>.</summary>
    public static RunRef Run { get; } = new(TestRuns.InstanceId("10"), "0123456789abcdef", "10");

    /// <summary>Rita's ticket, in progress.</summary>
    public static Ticket Ticket { get; } = new()
    {
        Site = TestEvents.Site, Id = "10", Key = "TEST-10", ProjectKey = "TEST", IssueType = "Story", Summary = "CSV export", Description = "Export it.",
        Reporter = Rita, Status = new TicketStatus("1", "In Progress", StatusCategory.InProgress), Labels = ["agentsquad"],
    };

    /// <summary>The squad's voice.</summary>
    public static CommentActivities Comments(
        ArtifactStore artifacts, ITicketEffects? effects = null, IJiraClient? jira = null, SquadOptions? options = null) => new(
        effects ?? Mock.Of<ITicketEffects>(), jira ?? Mock.Of<IJiraClient>(), Mock.Of<ISquadAgents>(agents => agents.Source == "rules"), artifacts,
        TestCosts.None, new SecretGuard([]), Options.Create(options ?? new SquadOptions()));

    /// <summary>The squad's ears.</summary>
    public static SignalReader Signals(ArtifactStore artifacts, IJiraClient jira, SquadOptions? options = null)
    {
        var all = Options.Create(options ?? new SquadOptions());
        return new SignalReader(jira, new RightsJudge(jira, all, NullLogger<RightsJudge>.Instance), artifacts, all);
    }

    /// <summary>A run's book-keeping on real storage.</summary>
    public static RunActivities Books(
        StorageAccount account, IJiraClient jira, SquadOptions? options = null, ITicketEffects? effects = null, IInbox? inbox = null)
    {
        var artifacts = new ArtifactStore(account);
        return new RunActivities(
            inbox ?? new Inbox(account, TimeProvider.System), new TicketIndex(account), artifacts, Signals(artifacts, jira, options),
            Comments(artifacts, effects, jira, options), Options.Create(options ?? new SquadOptions()), Options.Create(new ConfluenceOptions()));
    }

    /// <summary>What reads the ticket.</summary>
    public static TicketActivities Tickets(StorageAccount account, IJiraSite jira, SquadOptions? options = null)
    {
        var artifacts = new ArtifactStore(account);
        return new TicketActivities(
            jira, Mock.Of<ITicketEffects>(), Mock.Of<ISquadAgents>(), new AttachedFiles(jira, NullLogger<AttachedFiles>.Instance), artifacts,
            new TicketIndex(account), Signals(artifacts, jira, options), Options.Create(options ?? new SquadOptions()));
    }

    /// <summary>A clock that stands.</summary>
    public static TimeProvider ClockAt(DateTimeOffset now) => Mock.Of<TimeProvider>(time => time.GetUtcNow() == now);
}
