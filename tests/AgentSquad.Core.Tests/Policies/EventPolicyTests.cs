using AgentSquad.Core.Policies;
using AgentSquad.Core.Tickets;

namespace AgentSquad.Core.Tests.Policies;

public sealed class EventPolicyTests
{
    private static readonly SquadPolicy All = new()
    {
        BotAccountId = "bot",
        StartOnAssignment = true,
        StartOnMention = true,
        StartOnCommand = true,
        StartOnStatuses = ["Ready for squad"],
    };

    [Fact]
    public void Decide_LabelNewlyAdded_Starts()
    {
        var decision = Decide(Events.LabelsChanged(["agentsquad"], []));
        Assert.Equal(EventDecisionKind.Start, decision.Kind);
        Assert.Equal("the label `agentsquad` was added", decision.Reason);
    }

    [Fact]
    public void Decide_LabelInOtherCase_Starts() => Assert.Equal(EventDecisionKind.Start, Decide(Events.LabelsChanged(["AgentSquad"], [])).Kind);

    [Fact]
    public void Decide_CreatedWithLabel_Starts() => Assert.Equal(EventDecisionKind.Start, Decide(Events.Created("other", "agentsquad")).Kind);

    [Fact]
    public void Decide_CreatedWithoutLabel_IgnoresAndNamesTheLabel()
    {
        var decision = Decide(Events.Created("other"));
        Assert.Equal(EventDecisionKind.Ignore, decision.Kind);
        Assert.Contains("`agentsquad`", decision.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("added", true)]
    [InlineData("created", true)]
    [InlineData("added, but the event does not list it", false)]
    [InlineData("there before", false)]
    public void IsByLabel_Event_IsWhenTheTicketGotTheLabel(string what, bool expected)
    {
        var ticketEvent = what switch
        {
            "created" => Events.Created("AgentSquad"),
            "there before" => Events.Updated(Events.Change("description")),
            _ => Events.LabelsChanged(["agentsquad"], []),
        };

        Assert.Equal(expected, EventPolicy.IsByLabel(
            ticketEvent with { Labels = what.StartsWith("added, but", StringComparison.Ordinal) ? [] : ["AgentSquad"] }, SquadPolicy.Default));
    }

    [Fact]
    public void Decide_LabelWasThereBefore_IsNoTrigger()
    {
        var edit = Events.Updated(Events.Change("description")) with { Labels = ["agentsquad"] };
        Assert.Equal(EventDecisionKind.Signal, Decide(edit).Kind);
    }

    [Fact]
    public void Decide_TriggerWhileRunIsOpen_IsSignal()
    {
        var decision = EventPolicy.Decide(Events.LabelsChanged(["agentsquad"], []), SquadPolicy.Default, runIsOpen: true);
        Assert.Equal(EventDecisionKind.Signal, decision.Kind);
    }

    [Fact]
    public void Decide_LabelRemoved_IsSignal()
    {
        var decision = Decide(Events.LabelsChanged([], ["agentsquad"]));
        Assert.Equal(new(EventDecisionKind.Signal, "the label `agentsquad` was removed"), decision);
    }

    [Fact]
    public void Decide_EmptyTriggerLabel_TurnsTheTriggerOff()
    {
        var policy = new SquadPolicy { TriggerLabel = "" };
        Assert.Equal(EventDecisionKind.Signal, EventPolicy.Decide(Events.LabelsChanged([""], []), policy, runIsOpen: false).Kind);
        Assert.Equal(EventDecisionKind.Ignore, EventPolicy.Decide(Events.Created(""), policy, runIsOpen: false).Kind);
    }

    [Theory]
    [InlineData("summary")]
    [InlineData("description")]
    [InlineData("priority")]
    [InlineData("assignee")]
    [InlineData("resolution")]
    [InlineData("issuetype")]
    [InlineData("Fix Version")]
    [InlineData("QA Steps")]
    public void Decide_ChangeOfWhatIsAsked_IsSignal(string field) =>
        Assert.Equal(EventDecisionKind.Signal, Decide(Events.Updated(Events.Change(field))).Kind);

    [Theory]
    [InlineData("Rank")]
    [InlineData("Sprint")]
    [InlineData("Attachment")]
    [InlineData("timespent")]
    [InlineData("Link")]
    public void Decide_ChangeThatMattersToNoRun_Ignores(string field)
    {
        var decision = Decide(Events.Updated(Events.Change(field)));
        Assert.Equal(EventDecisionKind.Ignore, decision.Kind);
        Assert.Contains($"`{field}`", decision.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Decide_SilentAndTellingChangeTogether_NamesOnlyTheTellingOne()
    {
        var decision = Decide(Events.Updated(Events.Change("Rank"), Events.Change("summary")));
        Assert.Equal(new(EventDecisionKind.Signal, "`summary` changed"), decision);
    }

    [Theory]
    [InlineData(TicketEventKind.CommentCreated)]
    [InlineData(TicketEventKind.CommentUpdated)]
    [InlineData(TicketEventKind.CommentDeleted)]
    [InlineData(TicketEventKind.Deleted)]
    public void Decide_CommentOrDeletion_IsSignal(TicketEventKind kind) =>
        Assert.Equal(EventDecisionKind.Signal, Decide(Events.Of(kind, "x")).Kind);

    [Fact]
    public void Decide_NothingChanged_Ignores() => Assert.Equal(EventDecisionKind.Ignore, Decide(Events.Updated()).Kind);

    [Fact]
    public void Decide_NoTicket_Ignores() =>
        Assert.Equal(EventDecisionKind.Ignore, Decide(Events.Commented("hi") with { TicketId = null, TicketKey = null }).Kind);

    [Fact]
    public void Decide_OtherEvent_QuotesItsNameOnOneLine()
    {
        var decision = Decide(Events.Of(TicketEventKind.Other, "sprint`\r\n_created"));
        Assert.Equal(EventDecisionKind.Ignore, decision.Kind);
        Assert.DoesNotContain('\n', decision.Reason);
        Assert.Equal(2, decision.Reason.Count(character => character == '`'));
    }

    [Fact]
    public void Decide_AssignmentToBot_StartsOnlyWhenAskedFor()
    {
        var assigned = Events.Updated(Events.Change("assignee", "bot", "AgentSquad"));
        Assert.Equal(EventDecisionKind.Signal, Decide(assigned).Kind);
        Assert.Equal(EventDecisionKind.Start, EventPolicy.Decide(assigned, All, runIsOpen: false).Kind);
        Assert.Equal(EventDecisionKind.Signal, EventPolicy.Decide(Events.Updated(Events.Change("assignee", "rita")), All, runIsOpen: false).Kind);
    }

    [Fact]
    public void Decide_CreatedForBot_Starts() => Assert.Equal(
        EventDecisionKind.Start,
        EventPolicy.Decide(Events.Created() with { Assignee = new("bot", "AgentSquad") }, All, runIsOpen: false).Kind);

    [Fact]
    public void Decide_StatusEntered_Starts()
    {
        var entered = Events.Updated(new FieldChange("status", "1", "To Do", "2", "Ready for Squad"));
        Assert.Equal(new(EventDecisionKind.Start, "the ticket entered the status `Ready for Squad`"), EventPolicy.Decide(entered, All, runIsOpen: false));
        Assert.Equal(EventDecisionKind.Signal, Decide(entered).Kind);
    }

    [Theory]
    [InlineData("/squad start", EventDecisionKind.Start)]
    [InlineData("/squad stop", EventDecisionKind.Signal)]
    [InlineData("> /squad start", EventDecisionKind.Signal)]
    public void Decide_Command_StartsOnlyOnStart(string text, EventDecisionKind expected) =>
        Assert.Equal(expected, EventPolicy.Decide(Events.Commented(text), All, runIsOpen: false).Kind);

    [Fact]
    public void Decide_EditedIntoStartCommand_IsNoTrigger() => Assert.Equal(
        EventDecisionKind.Signal,
        EventPolicy.Decide(Events.Commented("/squad start") with { Kind = TicketEventKind.CommentUpdated }, All, runIsOpen: false).Kind);

    [Theory]
    [InlineData("@agentsquad please look", true)]
    [InlineData("Could you look, @AgentSquad?", true)]
    [InlineData("Thanks @agentsquad.", true)]
    [InlineData("[~accountid:bot] please", true)]
    [InlineData("[@AgentSquad](accountid:bot) please", true)]
    [InlineData("write to foo@agentsquad.io", false)]
    [InlineData("@agentsquadbot", false)]
    [InlineData("@agentsquad.io", false)]
    [InlineData("agentsquad", false)]
    public void Decide_Mention_StartsOnTheNameAlone(string text, bool starts) => Assert.Equal(
        starts ? EventDecisionKind.Start : EventDecisionKind.Signal,
        EventPolicy.Decide(Events.Commented(text), All, runIsOpen: false).Kind);

    private static EventDecision Decide(TicketEvent ticketEvent) => EventPolicy.Decide(ticketEvent, SquadPolicy.Default, runIsOpen: false);
}
