using System.Diagnostics;
using AgentSquad.Agents.Offline;
using AgentSquad.Core.Squad;
using AgentSquad.Core.Voice;
using CsCheck;

namespace AgentSquad.Agents.Tests.Offline;

public sealed class HostileInputTests
{
    private readonly OfflineSquadAgents _agents = new();

    public static TheoryData<string> Patterns { get; } =
    [
        "a", "\n", "- [ ] a\n", "](", "[[[[", "***", "Given a when b then c\n", "AC1: a\n", "```\n", "must ", "# h\n", "\\", "a.b.c ", "Given a\n", "😀",
    ];

    [Theory]
    [MemberData(nameof(Patterns))]
    public async Task Triage_MebibyteOfOnePattern_IsReadInGoodTime(string pattern)
    {
        var description = string.Concat(Enumerable.Repeat(pattern, (1024 * 1024 / pattern.Length) + 1));
        var ticket = Tickets.Of("Export the order list", description);
        var watch = Stopwatch.StartNew();
        var triage = await _agents.TriageAsync(Tickets.Step(), new(ticket, []), default);
        var plan = await _agents.PlanAsync(Tickets.Step(), new(ticket, triage, []), default);
        var output = await _agents.ImplementAsync(Tickets.Step(), new(ticket, plan, plan.Tasks[^1], [], 1, [], []), default);
        // About 0.1 s on an idle core; quadratic behaviour takes many minutes.
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), $"{watch.Elapsed}");
        Assert.NotEmpty(output.Content);
    }

    [Fact]
    public void Run_AnyTicket_IsApprovedWithinTheRoundsAndStaysInItsPlace() => PlanRulesTests.AnyTicket.Sample(
        ticket =>
        {
            var step = Tickets.Step();
            var triage = _agents.TriageAsync(step, new(ticket, []), default).Result;
            var plan = _agents.PlanAsync(step, new(ticket, triage, []), default).Result;
            var outputs = plan.Tasks.Select(task =>
            {
                IReadOnlyList<string> feedback = [];
                for (var round = 1; ; round++)
                {
                    var output = _agents.ImplementAsync(step, new(ticket, plan, task, [], round, feedback, [Tickets.Note(ticket.Description)]), default).Result;
                    var review = _agents.ReviewAsync(step, new(ticket, task, output, round), default).Result;
                    if (review.Verdict == ReviewVerdict.Approved)
                    {
                        return output;
                    }

                    Assert.True(round < 3, string.Join('\n', review.Reasons));
                    feedback = review.Reasons;
                }
            }).ToList();
            var verification = _agents.VerifyAsync(step, new(ticket, triage.AcceptanceCriteria, plan, outputs), default).Result;
            Assert.Equal(VerificationVerdict.Approved, verification.Verdict);
            // Nothing of the ticket may open a heading, a fence or a link in what the squad writes.
            foreach (var line in outputs.SelectMany(output => output.Content.Split('\n')))
            {
                Assert.False(line.StartsWith("# ", StringComparison.Ordinal) || line.StartsWith("```", StringComparison.Ordinal), line);
                Assert.DoesNotContain("](", line.Replace("\\]", "", StringComparison.Ordinal), StringComparison.Ordinal);
            }

            Assert.True(DeliveryComment.Render(new(plan, outputs, verification, [], [], _agents.Source)).Length < 32_000);
        },
        iter: 40);
}
