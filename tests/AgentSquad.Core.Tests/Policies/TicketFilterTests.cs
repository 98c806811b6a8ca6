using AgentSquad.Core.Policies;

namespace AgentSquad.Core.Tests.Policies;

public sealed class TicketFilterTests
{
    [Fact]
    public void Decide_ProjectOutsideTheFilter_IgnoresWithBothReasons()
    {
        var policy = new SquadPolicy { Filter = new() { Projects = ["OPS"] } };
        var decision = EventPolicy.Decide(Events.Created("agentsquad"), policy, runIsOpen: false);
        Assert.Equal(EventDecisionKind.Ignore, decision.Kind);
        Assert.Equal("the ticket was created with the label `agentsquad`, but the project `TEST` is not one of those the policy admits", decision.Reason);
    }

    [Fact]
    public void Refuse_EveryListMatchesInOtherCase_Admits()
    {
        var filter = new TicketFilter
        {
            Projects = ["test"],
            IssueTypes = ["story"],
            Priorities = ["HIGH"],
            Components = ["api"],
            FieldValues = new Dictionary<string, IReadOnlyList<string>> { ["Team"] = ["blue", "green"] },
        };
        var ticketEvent = Events.Created() with
        {
            Components = ["Web", "API"],
            Fields = new Dictionary<string, IReadOnlyList<string>> { ["team"] = ["Green"] },
        };
        Assert.Null(filter.Refuse(ticketEvent));
    }

    [Fact]
    public void Refuse_EventDoesNotCarryTheValue_LeavesItToTheTicket()
    {
        var filter = new TicketFilter
        {
            Components = ["api"],
            FieldValues = new Dictionary<string, IReadOnlyList<string>> { ["Team"] = ["blue"] },
        };
        Assert.Null(filter.Refuse(Events.Created()));
        Assert.NotNull(filter.Refuse(Events.Created() with { Components = [] }));
        Assert.Null(filter.Refuse(Events.Created() with { Fields = new Dictionary<string, IReadOnlyList<string>> { ["customfield_1"] = ["red"] } }));
        Assert.NotNull(filter.Refuse(Events.Created() with { Fields = new Dictionary<string, IReadOnlyList<string>> { ["team"] = [] } }));
        Assert.NotNull(filter.Refuse(TestTickets.Of("Summary") with { Components = ["api"] }));
    }

    [Fact]
    public void Refuse_TicketWithoutPriority_SaysSo()
    {
        var ticket = TestTickets.Of("Summary");
        Assert.Equal("the ticket has no priority, and the policy asks for one", new TicketFilter { Priorities = ["High"] }.Refuse(ticket));
        Assert.Null(TicketFilter.All.Refuse(ticket));
    }
}
