using AgentSquad.Core.Policies;
using AgentSquad.Core.Squad;
using AgentSquad.Core.Tickets;

namespace AgentSquad.Core.Tests.Policies;

public sealed class MidRunChangeTests
{
    private static readonly Ticket Before = TestTickets.Of("Summary");

    [Theory]
    [InlineData(RunStage.Triage, MidRunAction.TriageAgain, MidRunAction.TriageAgain)]
    [InlineData(RunStage.Clarify, MidRunAction.TriageAgain, MidRunAction.TriageAgain)]
    [InlineData(RunStage.Approve, MidRunAction.TriageAgain, MidRunAction.TellAgents)]
    [InlineData(RunStage.Work, MidRunAction.TellAgents, MidRunAction.TellAgents)]
    [InlineData(RunStage.Deliver, MidRunAction.Nothing, MidRunAction.Nothing)]
    [InlineData(RunStage.Stopped, MidRunAction.Nothing, MidRunAction.Nothing)]
    public void OnEditAndComment_Stage_AsTheStoryGoes(RunStage stage, MidRunAction onEdit, MidRunAction onComment)
    {
        Assert.Equal(onEdit, MidRunChange.OnEdit(stage, new(Before, Before with { Description = "More" })));
        Assert.Equal(onComment, MidRunChange.OnComment(stage));
    }

    [Fact]
    public void OnEdit_NothingThatIsAsked_DoesNothing() =>
        Assert.Equal(MidRunAction.Nothing, MidRunChange.OnEdit(RunStage.Triage, new(Before, Before with { Assignee = new("a", "A") })));
}
