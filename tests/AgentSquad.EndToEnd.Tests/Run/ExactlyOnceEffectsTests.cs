using System.Text.Json.Nodes;
using AgentSquad.Atlassian.Jira;
using AgentSquad.Cli;
using AgentSquad.Cli.LocalSystem;
using AgentSquad.EndToEnd.Tests.Support;
using AgentSquad.TestSupport;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AgentSquad.EndToEnd.Tests.Run;

/// <summary>Every kind of write there is, in both dialects: each of them goes wrong in each way, and the ticket shows it once.</summary>
public sealed class ExactlyOnceEffectsTests : IAsyncLifetime
{
    private static readonly string LongText = string.Join("\n\n", Enumerable.Range(0, 3).Select(_ => string.Concat(Enumerable.Repeat("many words ", 1_500))));

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("squad-once-");
    private readonly HttpClient _http = LocalHttp.Create();
    private ManagedProcess? _sandbox;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_sandbox is not null) await _sandbox.DisposeAsync();
        _http.Dispose();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("Cloud")]
    [InlineData("DataCenter")]
    public async Task EveryWriteOfEveryKind_AnswerLostOrLandingLate_ShowsOnce(string deployment)
    {
        var environment = ChildEnvironment.Minimal();
        environment["Sandbox__Deployment"] = deployment;
        _sandbox = await ManagedProcess.StartAsync(BuildInfo.Dotnet, BuildInfo.JiraSandbox, ["--port", "0"], environment, _folder.FullName);

        await SeedAsync(40_000);
        var (expected, writes) = await RunAsync(deployment, 40_000, 0, WriteFault.None);
        Assert.InRange(writes, 13, 40);
        Assert.StartsWith("Do all of it: Done\nmoved to In Progress\nmoved to Done\ncomment: It is done.\n", expected, StringComparison.Ordinal);

        WriteFault[] kinds = [WriteFault.AnswerLost, WriteFault.LandsLate];
        var runs = Enumerable.Range(1, writes).SelectMany(number => kinds.Select(fault => (Number: number, Fault: fault)))
            .Select((run, index) => (Id: 40_010 + (10 * index), run.Number, run.Fault)).ToList();

        // All of them first: the site numbers the sub-tasks that it makes from the highest ticket on.
        foreach (var run in runs) await SeedAsync(run.Id);
        await Parallel.ForEachAsync(runs, new ParallelOptions { MaxDegreeOfParallelism = 12 }, async (run, _) =>
        {
            var (actual, count) = await RunAsync(deployment, run.Id, run.Number, run.Fault);
            Assert.True(count >= run.Number, $"Write {run.Number} was never met: {count} writes.");
            Assert.True(expected == actual, $"Write {run.Number}, {run.Fault}:\n{actual}\ninstead of\n{expected}");
        });
    }

    private async Task SeedAsync(int id)
    {
        foreach (var (ticket, summary) in new[] { (id, "Do all of it"), (id + 1, "Do the rest") })
        {
            var fields = new JsonObject { ["summary"] = summary };
            await SandboxAdmin.SeedAsync(_http, _sandbox!.Url, new JsonObject { ["id"] = $"{ticket}", ["key"] = $"TEST-{ticket}", ["fields"] = fields }, default);
        }
    }

    private async Task<(string Ticket, int Writes)> RunAsync(string deployment, int id, int number, WriteFault fault)
    {
        var faults = new WriteFaults();
        faults.Arm("", fault, count => count == number);
        await using var proxy = await GatedProxy.StartAsync(_sandbox!.Url);
        proxy.Faults = faults;
        await using var services = Client(deployment, proxy.Url);
        var effects = services.GetRequiredService<ISiteEffects>();
        await WriteAllAsync(effects, $"{id}", $"TEST-{id}", $"TEST-{id + 1}");
        var writes = faults.CountOf("");

        // An activity that is done again writes what it wrote before.
        if (number % 4 == 0) await WriteAllAsync(effects, $"{id}", $"TEST-{id}", $"TEST-{id + 1}");
        return ((await TicketView.ReadAsync(_http, _sandbox.Url, $"{id}")).Replace($"{id}", "ID", StringComparison.Ordinal), writes);
    }

    private static async Task WriteAllAsync(ISiteEffects effects, string id, string key, string other)
    {
        CommentEffect Effect(string name, string kind) => new(name, $"run-{id}", kind);
        TicketDraft Subtask(string summary) => new("TEST", "Sub-task", summary) { ParentKey = key, Description = "One part." };

        var status = await effects.EnsureCommentAsync(id, new CommentDraft("Working on it.", Effect("status", "status")), null, default);
        await effects.EnsureStatusAsync(id, "In Progress", default);
        var first = await effects.EnsureSubtaskAsync(id, Subtask("First part"), Effect("task/1", "task"), default);
        await effects.EnsureSubtaskAsync(id, Subtask("Second part"), Effect("task/2", "task"), default);
        await effects.EnsureLinkAsync("Blocks", key, other, default);
        await effects.EnsureRemoteLinkAsync(id, new RemoteLink($"run={id}", "https://runs.example/1", "The run"), default);
        await effects.EnsureAttachmentAsync(id, "plan.md", "The plan."u8.ToArray(), default);
        await effects.EnsureStatusAsync(first.Id, "Done", default);
        await effects.EnsureCommentAsync(id, new CommentDraft(LongText, Effect("report", "delivery")), null, default);
        await effects.EnsureCommentAsync(id, new CommentDraft("For the team.", Effect("note", "reply")) { IsInternal = true }, null, default);
        await effects.EnsureStatusAsync(id, "Done", default);
        await effects.EnsureCommentAsync(id, new CommentDraft("It is done.", Effect("status", "status")), status, default);
    }

    private static ServiceProvider Client(string deployment, string address)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Jira:BaseUrl"] = address,
            ["Jira:Deployment"] = deployment,
            ["Jira:Email"] = deployment == "Cloud" ? SandboxAccount.Bot.Email : "",
            ["Jira:ApiToken"] = SandboxAccount.Bot.ApiToken,
            ["Jira:RequestsPerSecond"] = "1000",
            ["Jira:LateWriteWait"] = "00:00:00.7",
        };
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        return new ServiceCollection().AddLogging().AddJira(configuration).BuildServiceProvider();
    }
}
