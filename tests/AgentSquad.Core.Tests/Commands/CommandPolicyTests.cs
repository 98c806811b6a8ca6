using AgentSquad.Core.Commands;
using AgentSquad.Core.Squad;
using AgentSquad.Core.Tickets;

namespace AgentSquad.Core.Tests.Commands;

public sealed class CommandPolicyTests
{
    private static readonly Ticket Ticket = TestTickets.Of("Summary") with { Reporter = new("rita", "Rita") };
    private static readonly Person Stranger = new("omar", "Omar");

    [Theory]
    [InlineData(CommandKind.Help, true)]
    [InlineData(CommandKind.Status, true)]
    [InlineData(CommandKind.Approve, false)]
    [InlineData(CommandKind.Revise, false)]
    [InlineData(CommandKind.Stop, false)]
    [InlineData(CommandKind.Retry, false)]
    [InlineData(CommandKind.Extend, false)]
    [InlineData(CommandKind.Start, false)]
    public void Judge_Stranger_MayOnlyAsk(CommandKind kind, bool may)
    {
        Assert.Equal(may, CommandPolicy.Default.Judge(kind, Stranger, Ticket, null).IsGranted);
        Assert.True(CommandPolicy.Default.Judge(kind, Ticket.Reporter, Ticket, null).IsGranted);
    }

    [Fact]
    public void JudgeOperator_Approve_IsOffByDefault()
    {
        Assert.Contains("Squad__OperatorsMayApprove", CommandPolicy.Default.JudgeOperator(CommandKind.Approve).Reason, StringComparison.Ordinal);
        Assert.True((CommandPolicy.Default with { OperatorsMayApprove = true }).JudgeOperator(CommandKind.Approve).IsGranted);
        Assert.True(CommandPolicy.Default.JudgeOperator(CommandKind.Stop).IsGranted);
    }

    [Theory]
    [InlineData(CommandKind.Approve, RunStage.Approve, false, false, true)]
    [InlineData(CommandKind.Approve, RunStage.Work, false, false, false)]
    [InlineData(CommandKind.Approve, RunStage.Approve, true, false, false)]
    [InlineData(CommandKind.Resume, RunStage.Work, false, false, false)]
    [InlineData(CommandKind.Resume, RunStage.Work, true, false, true)]
    [InlineData(CommandKind.Pause, RunStage.Work, true, false, false)]
    [InlineData(CommandKind.Stop, RunStage.Work, true, false, true)]
    [InlineData(CommandKind.Stop, RunStage.Deliver, false, true, false)]
    [InlineData(CommandKind.Retry, RunStage.Failed, false, true, true)]
    [InlineData(CommandKind.Retry, RunStage.Work, false, false, false)]
    [InlineData(CommandKind.Start, null, false, false, true)]
    [InlineData(CommandKind.Start, RunStage.Work, false, false, false)]
    [InlineData(CommandKind.Stop, null, false, false, false)]
    [InlineData(CommandKind.Help, null, false, false, true)]
    public void Fits_CommandAndStage_AsTheStoryGoes(CommandKind kind, RunStage? stage, bool isPaused, bool hasEnded, bool expected) =>
        Assert.Equal(expected, CommandPolicy.Fits(kind, stage, isPaused, hasEnded));
}
