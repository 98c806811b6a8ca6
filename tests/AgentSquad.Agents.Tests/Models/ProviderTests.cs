using AgentSquad.Agents.Budgets;
using AgentSquad.Agents.Roles;
using AgentSquad.Agents.Safety;
using AgentSquad.Agents.Tests.Offline;
using AgentSquad.Agents.Tools;
using AgentSquad.Core.Squad;
using AgentSquad.TestSupport.Models;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using static AgentSquad.TestSupport.Models.ScriptedSquad;

namespace AgentSquad.Agents.Tests.Models;

/// <summary>Every provider's own library against its own wire format, over HTTP.</summary>
public sealed class ProviderTests
{
    private const string Instance = "jira-00000000-10001";

    private static readonly AgentsProvider[] Providers =
        [AgentsProvider.OpenAI, AgentsProvider.AzureOpenAI, AgentsProvider.Anthropic, AgentsProvider.OpenAICompatible];

    public static TheoryData<AgentsProvider, bool> All()
    {
        var data = new TheoryData<AgentsProvider, bool>();
        foreach (var provider in Providers)
        {
            data.Add(provider, false);
            data.Add(provider, true);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task WholeRun_EveryStep_GivesTypedResults(AgentsProvider provider, bool streams)
    {
        await using var squad = await StartAsync(provider, streams, Happy);
        var ticket = Tickets.Export();
        var triage = await squad.TriageAsync();
        Assert.Equal(TriageVerdict.Ready, triage.Verdict);
        var plan = await squad.Agents.PlanAsync(Squad.Step("run/plan/1"), new PlanRequest(ticket, triage, []), default);
        Assert.Equal(["T1", "T2"], plan.Tasks.Select(task => task.Id));
        var output = await squad.Agents.ImplementAsync(
            Squad.Step("run/work/1", SquadRole.BackendDeveloper), new ImplementRequest(ticket, plan, plan.Tasks[0], [], 1, [], []), default);
        Assert.Equal("T1", output.TaskId);
        var review = await squad.Agents.ReviewAsync(Squad.Step("run/review/1"), new ReviewRequest(ticket, plan.Tasks[0], output, 1), default);
        Assert.Equal(ReviewVerdict.Approved, review.Verdict);
        var verification = await squad.Agents.VerifyAsync(
            Squad.Step("run/verify/1", SquadRole.Tester), new VerifyRequest(ticket, triage.AcceptanceCriteria, plan, [output]), default);
        Assert.Equal(VerificationVerdict.Approved, verification.Verdict);

        Assert.Equal(5, squad.Server.Requests.Count);
        Assert.All(squad.Server.Requests, request =>
        {
            Assert.Equal("the-key-of-the-tests", request.Key);
            Assert.Equal("model-a", request.Model);
            Assert.Equal(streams, request.Streams);
            Assert.Equal(8_000, request.MaxTokens);
            Assert.Equal(provider == AgentsProvider.Anthropic, request.IsMessages);
        });
        Assert.True((await squad.Get<IBudgetLedger>().ReadAsync(Instance, default)).Spent.Tokens > 0);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Refusal_FailsAtOnceIntoThePersonsPath(AgentsProvider provider, bool streams)
    {
        await using var squad = await StartAsync(provider, streams, _ => ModelReply.Refuse());
        var failure = await Assert.ThrowsAsync<AgentException>(() => squad.TriageAsync());
        Assert.Equal("The project manager's model gave no usable answer: it refused to answer.", failure.Message);
        Assert.False(failure.IsTransient);
        Assert.Single(squad.Server.Requests);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Trouble_ThenAnAnswer_IsSatOut(AgentsProvider provider, bool streams)
    {
        ModelReply[] trouble =
        [
            ModelReply.Status(429, "0"), ModelReply.Status(500), ModelReply.Half(Json(new { verdict = "Ready" })), ModelReply.InvalidJson(), ModelReply.ErrorInside(),
            ModelReply.Status(529), .. streams ? (ModelReply[])[ModelReply.ErrorInStream(provider == AgentsProvider.Anthropic)] : [],
        ];
        foreach (var reply in trouble)
        {
            var number = 0;
            await using var squad = await StartAsync(provider, streams, request => Interlocked.Increment(ref number) == 1 ? reply : Happy(request));
            Assert.Equal(TriageVerdict.Ready, (await squad.TriageAsync()).Verdict);
            Assert.Equal(2, squad.Server.Requests.Count);
            // Nothing stays reserved, whatever happened.
            Assert.Equal(default, (await squad.Get<IBudgetLedger>().ReadAsync(Instance, default)).Reserved);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task ToolCall_ThenItsResult_ReachesTheModel(AgentsProvider provider, bool streams)
    {
        await using var server = await ModelServer.StartAsync(request => request.ToolResults.Count == 0 ? ModelReply.Call("docs_search", """{"words":"a b"}""") : Happy(request));
        var tools = new OneTool();
        var services = Squad.Build(provider, server, ("Agents:Streaming", streams.ToString()));
        services.Replace(ServiceDescriptor.Singleton<IToolboxes>(tools));
        await using var squad = services.BuildServiceProvider();

        var triage = await squad.GetRequiredService<ISquadAgents>().TriageAsync(Squad.Step("run/triage/1", SquadRole.ProjectManager), new(Tickets.Export(), []), default);

        Assert.Equal(TriageVerdict.Ready, triage.Verdict);
        Assert.Equal("a b", tools.Asked);
        Assert.Equal("Found it.", Assert.Single(server.Requests[1].ToolResults).Trim('"'));
        Assert.All(server.Requests, request => Assert.Equal(["docs_search"], request.Tools));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task CutOffAnswer_IsAskedForAgainShorter(AgentsProvider provider, bool streams)
    {
        await using var squad = await StartAsync(
            provider, streams, request => request.Turns == 1 ? ModelReply.CutOff("""{"verdict":"Rea""") : Happy(request));
        Assert.Equal(TriageVerdict.Ready, (await squad.TriageAsync()).Verdict);
        Assert.Contains("cut off at the limit of tokens", squad.Server.Requests[^1].User, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, "Check Agents__ApiKey")]
    [InlineData(404, "Check Agents__Model and Agents__Endpoint")]
    [InlineData(400, "did not accept the question (400)")]
    public async Task RefusedRequest_NamesTheSettingAndIsNotTriedAgain(int status, string advice)
    {
        foreach (var provider in Providers)
        {
            await using var squad = await StartAsync(provider, streams: false, _ => ModelReply.Status(status));
            var failure = await Assert.ThrowsAsync<AgentException>(() => squad.TriageAsync());
            Assert.Contains(advice, failure.Message, StringComparison.Ordinal);
            Assert.False(failure.IsTransient);
            Assert.Single(squad.Server.Requests);
        }
    }

    private sealed class OneTool : IToolboxes, IToolbox
    {
        public string? Asked { get; private set; }

        public IReadOnlyList<AIFunction> Tools => [AIFunctionFactory.Create((string words) => { Asked = words; return "Found it."; }, "docs_search", "Searches.")];

        public Task<IToolbox> OpenAsync(RoleSettings role, AgentStep step, DataFence fence, CancellationToken cancellationToken) => Task.FromResult<IToolbox>(this);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private static Task<Squad> StartAsync(AgentsProvider provider, bool streams, Func<ModelRequest, ModelReply> brain) =>
        Squad.StartAsync(provider, brain, ("Agents:Streaming", streams.ToString()));
}
