using AgentSquad.Agents.Offline;
using AgentSquad.Core.Squad;
using AgentSquad.Core.Tickets;
using Xunit.Abstractions;

namespace AgentSquad.Agents.Tests.Offline;

public sealed class WholeRunTests(ITestOutputHelper log)
{
    private readonly OfflineSquadAgents _agents = new();

    [Fact]
    public async Task Run_CompleteTicket_ApprovesEverythingInOneRound()
    {
        var (triage, plan, outputs, verification, rounds) = await RunAsync(Tickets.Export());
        Assert.Equal(TriageVerdict.Ready, triage.Verdict);
        Assert.Equal(4, triage.AcceptanceCriteria.Count);
        Assert.Equal(VerificationVerdict.Approved, verification.Verdict);
        Assert.Equal(1, rounds);
        Assert.Equal(plan.Tasks.Count, outputs.Count);
        Assert.Contains(plan.Tasks, task => task.Role == SquadRole.BackendDeveloper);
        Assert.Contains(plan.Tasks, task => task.Role == SquadRole.FrontendDeveloper);
        Assert.Contains(plan.Tasks, task => task.Role == SquadRole.Tester);
    }

    [Fact]
    public async Task Run_SummaryAlone_FinishesWithAssumptions()
    {
        var (triage, _, _, verification, _) = await RunAsync(Tickets.Of("Unit test summary", labels: ["test-label"], components: ["COMP-1"]));
        Assert.Equal(TriageVerdict.NeedsImprovement, triage.Verdict);
        Assert.Equal(VerificationVerdict.Approved, verification.Verdict);
    }

    [Fact]
    public async Task Run_VagueCriterion_NeedsASecondRound()
    {
        var (_, _, outputs, verification, rounds) = await RunAsync(Tickets.Of(
            "Search page answers fast",
            "Users wait for the search page to show results.\n\n## Acceptance criteria\n- The search page is fast"));
        Assert.Equal(2, rounds);
        Assert.Equal(VerificationVerdict.Approved, verification.Verdict);
        Assert.Contains(outputs, output => output.Content.Contains("Figures assumed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_SameTicketTwice_SameText()
    {
        var first = await RunAsync(Tickets.Export());
        var second = await RunAsync(Tickets.Export());
        Assert.Equal(first.Outputs.Select(output => output.Content), second.Outputs.Select(output => output.Content));
        Assert.Equal(first.Plan.Summary, second.Plan.Summary);
    }

    [Fact]
    public void Source_Always_SaysRules() => Assert.Equal("offline rules", _agents.Source);

    internal async Task<(TriageResult Triage, SquadPlan Plan, List<TaskOutput> Outputs, VerificationResult Verification, int Rounds)> RunAsync(Ticket ticket)
    {
        var step = Tickets.Step();
        var triage = await _agents.TriageAsync(step, new(ticket, []), default);
        var plan = await _agents.PlanAsync(step, new(ticket, triage, []), default);
        var outputs = new List<TaskOutput>();
        var rounds = 1;
        foreach (var task in plan.Tasks)
        {
            IReadOnlyList<string> feedback = [];
            for (var round = 1; ; round++)
            {
                var inputs = outputs.Where(output => task.DependsOn.Contains(output.TaskId)).ToList();
                var output = await _agents.ImplementAsync(step, new(ticket, plan, task, inputs, round, feedback, []), default);
                var review = await _agents.ReviewAsync(step, new(ticket, task, output, round), default);
                rounds = Math.Max(rounds, round);
                if (review.Verdict == ReviewVerdict.Approved)
                {
                    outputs.Add(output);
                    break;
                }

                feedback = review.Reasons;
                Assert.True(round < 3, string.Join('\n', review.Reasons));
            }
        }

        var verification = await _agents.VerifyAsync(step, new(ticket, triage.AcceptanceCriteria, plan, outputs), default);
        log.WriteLine(AgentSquad.Core.Voice.DeliveryComment.Render(new(plan, outputs, verification, triage.Improvements, [], _agents.Source)));
        return (triage, plan, outputs, verification, rounds);
    }
}
