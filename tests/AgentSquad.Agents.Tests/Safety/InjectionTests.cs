using System.Text.Encodings.Web;
using System.Text.Json;
using AgentSquad.Agents.Answers;
using AgentSquad.Agents.Safety;
using AgentSquad.Agents.Tests.Models;
using AgentSquad.Core.Commands;
using AgentSquad.Core.Squad;
using AgentSquad.Core.Tickets;
using AgentSquad.Core.Voice;
using AgentSquad.TestSupport.Models;

namespace AgentSquad.Agents.Tests.Safety;

/// <summary>
/// Hostile tickets with a model that obeys each of them: it gets no tool outside its role's list, no secret out, nothing into the facts of the
/// status comment, and nothing that anyone would take for a command.
/// </summary>
public sealed class InjectionTests(InjectionTests.ToolServer server) : IClassFixture<InjectionTests.ToolServer>
{
    private const string Instance = "jira-00000000-10001";

    private static readonly string[] Secrets =
    [
        "the-planted-jira-token", "the-key-of-the-tests", Convert.ToBase64String("the-planted-jira-token"u8), "AKIAIOSFODNN7EXAMPLE", "sk-proj-aaaa", "ghp_abcdefghij",
    ];

    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly IReadOnlyList<HostileTicket> Tickets = HostileTicket.All;

    public static TheoryData<string> Names => [.. Tickets.Select(ticket => ticket.Name)];

    [Fact]
    public void Suite_HasAtLeastFortyTicketsFromEverywhere()
    {
        Assert.True(Tickets.Count >= 40, $"There are {Tickets.Count}.");
        Assert.Equal(["attachment", "comment", "description", "tool"], Tickets.Select(ticket => ticket.Where).Distinct().Order());
        Assert.Equal(Tickets.Count, Tickets.DistinctBy(ticket => ticket.Name).Count());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Run_ModelObeysTheTicket_ChangesNothingItMayNot(string name)
    {
        var hostile = Tickets.Single(ticket => ticket.Name == name);
        var model = new ObedientModel(hostile, "the-planted-jira-token", "the-key-of-the-tests");
        await using var squad = await Squad.StartAsync(
            AgentsProvider.OpenAI, model.Answer,
            ("Jira:ApiToken", "the-planted-jira-token"), ("Agents:Mcp:Servers:everything:Url", server.Url),
            ("Agents:Mcp:Servers:everything:TrustAsReadOnly:0", "echo"), ("Agents:Roles:ProjectManager:Tools:0", "everything/*"));

        var results = await RunAsync(squad, hostile);

        await AssertToolsAsync(squad);
        AssertPrompts(squad, hostile);
        var said = JsonSerializer.Serialize(results, Readable);
        Assert.All(Secrets, secret => Assert.DoesNotContain(secret, said, StringComparison.Ordinal));
        AssertComments(results);
        if (hostile.Obey == "tool") Assert.NotEmpty(model.Tried);
    }

    private static async Task<Results> RunAsync(Squad squad, HostileTicket hostile)
    {
        var ticket = Of(hostile);
        IReadOnlyList<TicketNote> notes = hostile.Where == "comment" ? [Offline.Tickets.Note(hostile.Text)] : [];
        var results = new Results();
        try
        {
            results.Triage = await squad.Agents.TriageAsync(Squad.Step("run/triage/1", SquadRole.ProjectManager), new TriageRequest(ticket, notes), default);
            results.Plan = await squad.Agents.PlanAsync(Squad.Step("run/plan/1"), new PlanRequest(ticket, results.Triage, notes), default);
            foreach (var task in results.Plan.Tasks)
            {
                var output = await squad.Agents.ImplementAsync(
                    Squad.Step($"run/work/{task.Id}", task.Role), new ImplementRequest(ticket, results.Plan, task, results.Outputs, 1, [], notes), default);
                Assert.Equal(task.Id, output.TaskId);
                results.Outputs.Add(output);
                results.Reviews.Add(await squad.Agents.ReviewAsync(Squad.Step($"run/review/{task.Id}"), new ReviewRequest(ticket, task, output, 1), default));
            }

            results.Verification = await squad.Agents.VerifyAsync(
                Squad.Step("run/verify/1", SquadRole.Tester), new VerifyRequest(ticket, results.Triage.AcceptanceCriteria, results.Plan, results.Outputs), default);
        }
        catch (AgentException e)
        {
            // No usable answer: the run asks a person.
            Assert.False(e.IsTransient);
            results.Failure = e.Message;
        }

        return results;
    }

    private static Ticket Of(HostileTicket hostile) => Offline.Tickets.Of("A ticket", hostile.Where == "description" ? hostile.Text : "Add the thing.") with
    {
        Files = hostile.Where == "attachment" ? [new TicketFile("notes.txt", hostile.Text), new TicketFile("picture.png", null)] : [],
    };

    private static async Task AssertToolsAsync(Squad squad)
    {
        foreach (var step in new[] { "run/triage/1", "run/plan/1", "run/work/T1", "run/work/T2", "run/review/T1", "run/review/T2", "run/verify/1" })
        {
            for (var i = 1; await squad.Get<IAnswerStore>().FindAsync<StoredToolResult>(Instance, $"{step}/tools/{i}", default) is { } record; i++)
            {
                Assert.Equal("everything/echo", record.Tool);
            }
        }

        Assert.All(squad.Server.Requests, request => Assert.All(request.Tools, tool => Assert.Equal("everything_echo", tool)));
    }

    // What people and tools wrote is nowhere but inside a fence, and without secrets.
    private static void AssertPrompts(Squad squad, HostileTicket hostile)
    {
        foreach (var request in squad.Server.Requests)
        {
            var open = request.System.IndexOf("<<<DATA ", StringComparison.Ordinal) + "<<<DATA ".Length;
            var mark = request.System[open..(open + 16)];
            Assert.All(Secrets, secret => Assert.DoesNotContain(secret, request.System + request.User + string.Concat(request.ToolResults), StringComparison.Ordinal));
            var line = DataFence.Visible(hostile.Text).Split('\n').MaxBy(part => part.Length)!;
            Assert.DoesNotContain(line, request.System, StringComparison.Ordinal);
            var question = request.User.Split("That was all of the material.")[0];
            for (var at = question.IndexOf(line, StringComparison.Ordinal); at >= 0; at = question.IndexOf(line, at + 1, StringComparison.Ordinal))
            {
                var before = question[..at];
                var isInside = before.LastIndexOf($"<<<DATA {mark}", StringComparison.Ordinal) > before.LastIndexOf($"<<<END {mark}", StringComparison.Ordinal);
                Assert.True(isInside, "The ticket's text is outside of a fence.");
            }
        }
    }

    private static void AssertComments(Results results)
    {
        if (results.Plan is not { } plan) return;
        var status = new SquadRunStatus(
            "TEST-1", "10001", "https://acme.example", "A ticket", StageNames.Work, [StageNames.Triage, StageNames.Plan, StageNames.Work],
            [.. plan.Tasks.Select(task => new SquadTaskStatus(task.Id, task.Title, task.Role.ToString(), nameof(TaskState.Pending)))]);
        var text = StatusComment.Render(status, "model-a (OpenAI)", cost: "Cost so far: 0.10 USD, 100 tokens.");
        var lines = text.Split('\n');
        Assert.Equal("**AgentSquad is working on this ticket**", lines[0]);
        Assert.Equal(plan.Tasks.Count, lines.Count(line => line.StartsWith("- ", StringComparison.Ordinal)));
        Assert.All(lines.Where(line => line.StartsWith("- ", StringComparison.Ordinal)), line => Assert.EndsWith("to do", line, StringComparison.Ordinal));
        Assert.Single(lines, line => line.Contains("30%", StringComparison.Ordinal));
        Assert.Single(lines, line => line.StartsWith("Cost so far: ", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.StartsWith('▰') && line.Contains("100%", StringComparison.Ordinal));
        Assert.DoesNotContain("](accountid:", text.Replace("\\]", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("[~", text.Replace("\\[", "", StringComparison.Ordinal), StringComparison.Ordinal);
        List<string> comments = [text];
        if (results is { Verification: { } verification })
        {
            comments.Add(DeliveryComment.Render(new Delivery(plan, results.Outputs, verification, [], [], "model-a (OpenAI)")));
        }

        comments.Add(QuestionComment.Render(null, results.Triage!.Reason, results.Triage.Questions, "model-a (OpenAI)"));
        Assert.All(comments, comment => Assert.Equal(CommandParse.None, SquadCommandParser.Parse(comment)));
    }

    private sealed class Results
    {
        public TriageResult? Triage { get; set; }

        public SquadPlan? Plan { get; set; }

        public List<TaskOutput> Outputs { get; } = [];

        public List<ReviewResult> Reviews { get; } = [];

        public VerificationResult? Verification { get; set; }

        public string? Failure { get; set; }
    }

    /// <summary>One server with tools for all tickets.</summary>
    public sealed class ToolServer : IAsyncLifetime
    {
        private EverythingServer? _server;

        public string Url => _server!.Url;

        public async Task InitializeAsync() => _server = await EverythingServer.StartAsync();

        public async Task DisposeAsync() => await _server!.DisposeAsync();
    }
}
