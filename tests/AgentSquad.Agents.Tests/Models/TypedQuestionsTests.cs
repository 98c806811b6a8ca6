using AgentSquad.Agents.Answers;
using AgentSquad.Agents.Budgets;
using AgentSquad.Agents.Tests.Offline;
using AgentSquad.Core.Squad;
using AgentSquad.TestSupport.Models;
using Microsoft.Extensions.DependencyInjection;
using static AgentSquad.TestSupport.Models.ScriptedSquad;

namespace AgentSquad.Agents.Tests.Models;

public sealed class TypedQuestionsTests
{
    public static TheoryData<string, string> WrongAnswers => new()
    {
        { "Looks good to me, approved!", "There is no JSON object" },
        { """{"verdict":"Approved"}""", "does not fit the schema" },
        { """{"verdict":"LGTM","reasons":[]}""", "does not fit the schema" },
        { """{"verdict":0,"reasons":[]}""", "does not fit the schema" },
        { """{"verdict":"Approved","reasons":[],"command":"/squad approve"}""", "does not fit the schema" },
        { """{"verdict":"Approved","reasons":null}""", "does not fit the schema" },
        { """{"verdict":"Approved","reasons":["But change the name."]}""", "reasons must be empty" },
        { """{"verdict":"ChangesRequested","reasons":[]}""", "does not go with ChangesRequested" },
    };

    [Theory]
    [MemberData(nameof(WrongAnswers))]
    public async Task Ask_WrongAnswer_ShowsTheModelItsErrorAndTakesTheNext(string answer, string problem)
    {
        await using var squad = await Squad.StartAsync(request => request.Turns == 1 ? ModelReply.Say(answer) : Happy(request));
        Assert.Equal(ReviewVerdict.Approved, (await ReviewAsync(squad)).Verdict);
        var repair = squad.Server.Requests[1];
        Assert.Contains(problem, repair.User, StringComparison.Ordinal);
        Assert.Equal(2, squad.Server.Requests.Count);
    }

    [Fact]
    public async Task Ask_WrongAnswersWithoutEnd_RepairsTwiceThenFails()
    {
        await using var squad = await Squad.StartAsync(_ => ModelReply.Say("No."));
        var failure = await Assert.ThrowsAsync<AgentException>(() => ReviewAsync(squad));
        Assert.Equal("The tech lead's model gave no usable answer: There is no JSON object in the answer.", failure.Message);
        Assert.False(failure.IsTransient);
        Assert.Equal(3, squad.Server.Requests.Count);
    }

    [Fact]
    public async Task Ask_CodeFenceAroundTheObject_IsForgiven()
    {
        await using var squad = await Squad.StartAsync(_ => ModelReply.Say($"Here it is:\n```json\n{Review()}\n```"));
        Assert.Equal(ReviewVerdict.Approved, (await ReviewAsync(squad)).Verdict);
    }

    [Fact]
    public async Task Ask_SameStepAgain_UsesTheStoredAnswersAndBuysNone()
    {
        await using var squad = await Squad.StartAsync(request => request.Turns == 1 ? ModelReply.Say("No.") : Happy(request));
        await ReviewAsync(squad);
        var spent = await squad.Get<IBudgetLedger>().ReadAsync("jira-00000000-10001", default);
        Assert.Equal(ReviewVerdict.Approved, (await ReviewAsync(squad)).Verdict);
        Assert.Equal(2, squad.Server.Requests.Count);
        Assert.Equal(spent.Spent, (await squad.Get<IBudgetLedger>().ReadAsync("jira-00000000-10001", default)).Spent);
    }

    [Fact]
    public async Task Ask_ProcessDiesAfterTheAnswerWasStored_BuysItOnce()
    {
        await using var server = await ModelServer.StartAsync(request => request.Turns == 1 ? ModelReply.Say("No.") : Happy(request));
        var store = new DyingStore();
        await using (var first = Services(server, store))
        {
            await Assert.ThrowsAsync<DyingStore.DeathException>(() => ReviewAsync(first.GetRequiredService<ISquadAgents>()));
        }

        Assert.Single(server.Requests);
        await using var second = Services(server, store);
        Assert.Equal(ReviewVerdict.Approved, (await ReviewAsync(second.GetRequiredService<ISquadAgents>())).Verdict);
        // The first answer was there; only the repair was still to be bought.
        Assert.Equal(2, server.Requests.Count);
        Assert.Equal(2, server.Requests[1].Turns);
    }

    [Fact]
    public async Task Ask_CriterionWithCharactersThatNobodySees_IsTheSameCriterion()
    {
        var criterion = "Shows a \u2714\uFE0F  mark";
        await using var squad = await Squad.StartAsync(_ => ModelReply.Say(Json(new
        {
            verdict = "Approved", summary = "Fine.", criteria = new[] { new { criterion = "Shows a \u2714 mark", met = true, detail = "T1", taskId = (string?)null } },
        })));
        var plan = new SquadPlan("Plan", [new("T1", "Task", "", SquadRole.Tester, [criterion], [], new Estimate(1, Confidence.Low))], 1, []);
        var result = await squad.Agents.VerifyAsync(
            Squad.Step("verify", SquadRole.Tester), new VerifyRequest(Tickets.Export(), [criterion], plan, []), default);
        Assert.Equal(criterion, result.Criteria[0].Criterion);
    }

    [Theory]
    [InlineData("""{"verdict":"Approved","summary":"ok","criteria":[]}""", "exactly one entry")]
    [InlineData("""{"verdict":"Approved","summary":"ok","criteria":[{"criterion":"It is there.","met":false,"detail":"no","taskId":"T1"}]}""", "not every criterion is met")]
    [InlineData("""{"verdict":"NeedsFixes","summary":"ok","criteria":[{"criterion":"It is there.","met":false,"detail":"no","taskId":"T9"}]}""", "There is no task T9")]
    public async Task Verify_VerdictAgainstItsOwnFacts_IsNotTaken(string answer, string problem)
    {
        await using var squad = await Squad.StartAsync(request => request.Turns == 1 ? ModelReply.Say(answer) : Happy(request));
        var plan = new SquadPlan("Plan", [new("T1", "Task", "", SquadRole.Tester, [Criterion], [], new Estimate(1, Confidence.Low))], 1, []);
        await squad.Agents.VerifyAsync(Squad.Step("verify", SquadRole.Tester), new VerifyRequest(Tickets.Export(), [Criterion], plan, []), default);
        Assert.Contains(problem, squad.Server.Requests[1].User, StringComparison.Ordinal);
    }

    private static Task<ReviewResult> ReviewAsync(Squad squad) => ReviewAsync(squad.Agents);

    private static Task<ReviewResult> ReviewAsync(ISquadAgents agents)
    {
        var task = new PlannedTask("T1", "Task", "Do it.", SquadRole.BackendDeveloper, [Criterion], [], new Estimate(1, Confidence.Low));
        return agents.ReviewAsync(Squad.Step("run/review/1"), new ReviewRequest(Tickets.Export(), task, new TaskOutput("T1", "Done.", "Text.", []), 1), default);
    }

    private static ServiceProvider Services(ModelServer server, IAnswerStore store)
    {
        var services = Squad.Build(AgentsProvider.OpenAI, server);
        services.AddSingleton(store);
        return services.BuildServiceProvider();
    }

    /// <summary>A store that outlives the process, which dies right after its first answer is in it.</summary>
    private sealed class DyingStore : IAnswerStore
    {
        private readonly MemoryAnswerStore _store = new();
        private int _saved;

        public Task<T?> FindAsync<T>(string instanceId, string key, CancellationToken cancellationToken)
            where T : class => _store.FindAsync<T>(instanceId, key, cancellationToken);

        public async Task SaveAsync<T>(string instanceId, string key, T value, CancellationToken cancellationToken)
            where T : class
        {
            await _store.SaveAsync(instanceId, key, value, cancellationToken);
            if (Interlocked.Increment(ref _saved) == 1) throw new DeathException();
        }

        public sealed class DeathException : Exception;
    }
}
