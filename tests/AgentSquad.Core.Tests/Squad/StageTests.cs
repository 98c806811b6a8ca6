using AgentSquad.Core.Squad;

namespace AgentSquad.Core.Tests.Squad;

public sealed class StageTests
{
    [Fact]
    public void All_Names_AreThoseOfTheContract() => Assert.Equal(
        ["Triage", "Clarify", "Plan", "Approve", "Work", "Verify", "Deliver", "Failed", "Stopped"], StageNames.All);

    [Fact]
    public void Parse_EveryName_ComesBack()
    {
        Assert.All(Enum.GetValues<RunStage>(), stage => Assert.Equal(stage, StageNames.Parse(StageNames.Of(stage))));
        Assert.Null(StageNames.Parse("triage"));
        Assert.Null(StageNames.Parse("0"));
        Assert.Null(StageNames.Parse(null));
    }

    [Fact]
    public void MayFollow_TheHappyPath_Holds()
    {
        RunStage[] path = [RunStage.Triage, RunStage.Clarify, RunStage.Triage, RunStage.Plan, RunStage.Approve, RunStage.Plan, RunStage.Work, RunStage.Verify, RunStage.Work, RunStage.Verify, RunStage.Deliver];
        Assert.All(path.Zip(path.Skip(1)), pair => Assert.True(StageFlow.MayFollow(pair.First, pair.Second), $"{pair}"));
        Assert.False(StageFlow.MayFollow(RunStage.Triage, RunStage.Work));
        Assert.False(StageFlow.MayFollow(RunStage.Deliver, RunStage.Stopped));
    }

    [Fact]
    public void After_EveryOpenStage_MayFailOrBeStopped() => Assert.All(
        Enum.GetValues<RunStage>().Where(stage => !StageFlow.IsEnd(stage) && stage != RunStage.Deliver),
        stage => Assert.True(StageFlow.MayFollow(stage, RunStage.Failed) && StageFlow.MayFollow(stage, RunStage.Stopped)));

    [Fact]
    public void ToMermaid_EveryEdge_IsALine()
    {
        var diagram = StageFlow.ToMermaid();
        Assert.All(Enum.GetValues<RunStage>(), stage => Assert.All(
            StageFlow.After(stage), next => Assert.Contains($"    {stage} --> {next}\n", diagram, StringComparison.Ordinal)));
    }

    [Fact]
    public void Percent_WorkOfARun_OnlyGrows()
    {
        SquadTaskStatus Task(string id, TaskState state) => new(id, id, "Tester", state.ToString());
        int[] percents =
        [
            RunProgress.Percent(RunStage.Triage, []),
            RunProgress.Percent(RunStage.Clarify, []),
            RunProgress.Percent(RunStage.Plan, []),
            RunProgress.Percent(RunStage.Approve, [Task("T1", TaskState.Pending)]),
            RunProgress.Percent(RunStage.Work, [Task("T1", TaskState.Pending), Task("T2", TaskState.Pending)]),
            RunProgress.Percent(RunStage.Work, [Task("T1", TaskState.InReview), Task("T2", TaskState.Pending)]),
            RunProgress.Percent(RunStage.Work, [Task("T1", TaskState.Completed), Task("T2", TaskState.InProgress)]),
            RunProgress.Percent(RunStage.Work, [Task("T1", TaskState.Completed), Task("T2", TaskState.Completed)]),
            RunProgress.Percent(RunStage.Verify, []),
            RunProgress.Percent(RunStage.Deliver, []),
        ];
        Assert.Equal(percents.Order(), percents);
        Assert.Equal(100, percents[^1]);
    }

    [Fact]
    public void Of_EveryRole_HasAName() => Assert.All(Enum.GetValues<SquadRole>(), role =>
    {
        Assert.NotEmpty(RoleNames.Of(role));
        Assert.Equal(RoleNames.Of(role), RoleNames.Of(role.ToString()));
    });
}
