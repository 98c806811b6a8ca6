using AgentSquad.Cli;
using AgentSquad.Cli.Demo;
using AgentSquad.EndToEnd.Tests.Support;
using AgentSquad.TestSupport.Models;
using Azure.Data.Tables;

namespace AgentSquad.EndToEnd.Tests.Run;

/// <summary>Whole runs with a squad of language models, which a scripted server stands in for.</summary>
public sealed partial class ModelRunTests(ModelRunTests.ModelSite models) : IClassFixture<ModelRunTests.ModelSite>
{
    [Theory]
    [InlineData("OpenAI", "/v1")]
    [InlineData("AzureOpenAI", "")]
    [InlineData("Anthropic", "")]
    [InlineData("OpenAICompatible", "/v1")]
    public async Task Scenarios_EachProvider_EndWithTheFinishedTicket(string provider, string path)
    {
        var changes = ScriptedSquad.ChangesRequested();
        var (site, server) = await models.UseAsync(provider, path, request =>
            request.User.Contains("scenario clarify", StringComparison.Ordinal) ? ScriptedSquad.Clarify(request)
            : request.User.Contains("scenario changes-requested", StringComparison.Ordinal) ? changes(request)
            : ScriptedSquad.Happy(request));
        var happy = await CreateAsync(site, "scenario happy");
        var changed = await CreateAsync(site, "scenario changes-requested");
        var clarify = await CreateAsync(site, "scenario clarify");
        await Eventually.HoldsAsync(async () => (await site.Runs.FindAsync(clarify, default))?.Stage == "Clarify", () => site.AppLog);
        await site.CommentAsync(clarify, "The blue thing.");

        Assert.Equal(["Triage", "Plan", "Work", "Verify", "Deliver"], (await EndAsync(site, happy)).Stages);
        Assert.Equal(["Triage", "Clarify", "Triage", "Plan", "Work", "Verify", "Deliver"], (await EndAsync(site, clarify)).Stages);
        Assert.Equal(["Triage", "Plan", "Work", "Verify", "Deliver"], (await EndAsync(site, changed)).Stages);
        // Two tasks, one of them twice.
        Assert.Equal(3, server.Requests.Count(request => request.Step == "doing a task" && request.User.Contains("scenario changes-requested", StringComparison.Ordinal)));
        Assert.Contains(server.Requests, request => request.Step == "doing a task" && request.User.Contains("Say what happens without a connection.", StringComparison.Ordinal));

        var run = await site.Runs.FindAsync(happy, default);
        Assert.True(run!.Cost is { Spent: > 0, Tokens: > 0, Limit: 5m, Currency: "EUR" }, $"{run.Cost}");
        var status = Assert.Single(await site.Tickets.GetSquadCommentsAsync(happy, default), comment => comment.Kind == "status");
        Assert.Contains("Cost so far: ", status.Text, StringComparison.Ordinal);
        Assert.Contains("of 5.00 EUR", status.Text, StringComparison.Ordinal);
        Assert.Contains("model-a", status.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task KillMinus9_AnswerIsStoredAndActivityHasNotReturned_AnswerIsUsedAndNotBoughtAgain()
    {
        var repairAsked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var dead = false;
        var (site, server) = await models.UseAsync("OpenAI", "/v1", request =>
        {
            if (request.Step != "planning") return ScriptedSquad.Happy(request);
            // The first answer is paid for and stored when its repair is asked for; the app dies while it waits for that.
            if (request.Turns == 1) return ModelReply.Say("No JSON.");
            if (dead) return ScriptedSquad.Happy(request);
            repairAsked.TrySetResult();
            return ModelReply.Silence();
        });
        var key = await CreateAsync(site, "scenario kill");

        await repairAsked.Task.WaitAsync(SquadCli.Timeout);
        await site.KillAppAsync();
        dead = true;
        await site.StartAppAsync();

        await EndAsync(site, key);
        Assert.Equal(1, server.Requests.Count(request => request.Step == "triage"));
        Assert.Equal(1, server.Requests.Count(request => request.Step == "planning" && request.Turns == 1));
        Assert.Equal(2, server.Requests.Count(request => request.Step == "planning" && request.Turns == 2));
    }

    [Fact]
    public async Task Budget_IsUsedUp_HoldsTheRunAndGoesOnAfterTheExtension()
    {
        // A chatty model: every answer takes all that it may.
        var (site, server) = await models.UseAsync(
            "OpenAI", "/v1", request => ScriptedSquad.Happy(request) is TextReply text ? text with { Input = 2_000, Output = request.MaxTokens } : ModelReply.Silence(),
            ("Agents__Budget__PerTicket", "0.05"), ("Agents__MaxOutputTokens", "1000"));
        var key = await CreateAsync(site, "scenario budget");

        await Eventually.HoldsAsync(
            async () => (await site.Runs.FindAsync(key, default))?.Detail?.Contains("The budget of this ticket does not allow", StringComparison.Ordinal) == true, () => site.AppLog);
        Assert.True((await site.Runs.FindAsync(key, default))!.Cost!.Spent <= 0.05m);
        var asked = server.Requests.Count;
        await site.CommentAsync(key, "/squad extend 2.00");

        await EndAsync(site, key);
        Assert.True(server.Requests.Count > asked);
        var table = new TableClient(site.Azurite.ConnectionString, "SquadBudgets");
        var rows = table.Query<TableEntity>().ToList();
        Assert.DoesNotContain(rows, row => row.RowKey.StartsWith("call-", StringComparison.Ordinal));
        Assert.All(rows, row => Assert.Equal(0m, decimal.Parse(row.GetString("ReservedMoney"), System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task Budget_ParallelTasksOfThreeTicketsAndAKill_NeverExceedTheDayOrTheProject()
    {
        const decimal Each = ((2_000 * 2m) + (1_000 * 8m)) / 1_000_000m;
        var (atWork, together) = (0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var dead = false;
        ModelReply Chatty(ModelRequest request)
        {
            if (request.Step == "doing a task" && !dead)
            {
                // Several are promised and none is settled when the app dies.
                if (Interlocked.Increment(ref atWork) == 4) together.SetResult();
                return ModelReply.Silence();
            }

            var text = request.Step == "planning" ? ScriptedSquad.Plan("T1", "T2", "T3", "T4") : ((TextReply)ScriptedSquad.Happy(request)).Text;
            return new TextReply(text) { Input = 2_000, Output = request.MaxTokens };
        }

        var (first, _) = await models.UseAsync("OpenAI", "/v1", ScriptedSquad.Happy);
        var before = await SpentAsync(first);
        var (day, project) = (before.Day + 0.45m, before.Project + 0.60m);
        var (site, server) = await models.UseAsync(
            "OpenAI", "/v1", Chatty, ("Agents__Budget__PerDay", Text(day)), ("Agents__Budget__PerProject", Text(project)), ("Agents__MaxOutputTokens", "1000"));
        var keys = await Task.WhenAll(Enumerable.Range(1, 3).Select(i => CreateAsync(site, $"scenario day {i}")));
        await together.Task.WaitAsync(SquadCli.Timeout);
        await site.KillAppAsync();
        dead = true;
        await site.StartAppAsync();

        await Eventually.HoldsAsync(
            async () => (await Task.WhenAll(keys.Select(key => site.Runs.FindAsync(key, default)))).All(run => run!.HasEnded || IsHeld(run)), () => site.AppLog);
        // Whatever the provider bills for, answered or not, is within the limit; so is what the ledger says.
        Assert.True(server.Requests.Count * Each <= 0.45m, $"{server.Requests.Count} calls were made.");
        var after = await SpentAsync(site);
        Assert.True(after.Day <= day && after.Project <= project, $"{after}");
        var held = new List<string>();
        foreach (var key in keys) if (IsHeld((await site.Runs.FindAsync(key, default))!)) held.Add(key);
        Assert.NotEmpty(held);

        // Each of them says so on its ticket, and an operator, who alone can raise what is everyone's, lets it go on.
        foreach (var key in held)
        {
            await Eventually.HoldsAsync(
                async () => (await site.Tickets.GetSquadCommentsAsync(key, default)).Any(comment => comment.Kind == "question" && comment.Text.Contains("ask an operator", StringComparison.Ordinal)),
                () => site.AppLog);
        }

        foreach (var key in held) await site.ExtendAsync(key, 2.00m);
        foreach (var key in keys) await EndAsync(site, key);
        Assert.Equal(default, (await SpentAsync(site)).Reserved);

        static bool IsHeld(Cli.LocalSystem.TicketRun run) => run.Detail?.Contains("The budget of today does not allow", StringComparison.Ordinal) == true;
    }

    [Fact]
    public async Task Demo_ProviderAtAnAddress_RunsAgainstTheServer()
    {
        await using var server = await ModelServer.StartAsync(ScriptedSquad.Happy);
        await using var cli = new SquadCli();
        var result = (await cli.RunAsync("demo", "--json", "--provider", "openai", "--endpoint", server.OpenAIUrl, "--model", "any-model")).Expect(ExitCode.Success);
        Assert.Contains("\"runStatus\":\"Completed\"", result.LastLine, StringComparison.Ordinal);
        Assert.Contains("any-model", result.LastLine, StringComparison.Ordinal);
        Assert.All(server.Requests, request => Assert.Equal("any-model", request.Model));
        Assert.True(server.Requests.Count >= 7, $"There were {server.Requests.Count} requests.");
    }

    private static string Text(decimal money) => money.ToString(System.Globalization.CultureInfo.InvariantCulture);

    // What the ledger holds of today and of the project: spent, and promised to calls.
    private static async Task<(decimal Day, decimal Project, decimal Reserved)> SpentAsync(LocalSite site)
    {
        var table = new TableClient(site.Azurite.ConnectionString, "SquadBudgets");
        await table.CreateIfNotExistsAsync();
        var accounts = table.Query<TableEntity>().Where(row => row.ContainsKey("Name")).ToList();
        decimal Sum(string kind, params string[] columns) => accounts.Where(row => row.GetString("Name").StartsWith(kind, StringComparison.Ordinal))
            .Sum(row => columns.Sum(column => decimal.Parse(row.GetString(column), System.Globalization.CultureInfo.InvariantCulture)));
        return (Sum($"day|{DateTime.UtcNow:yyyy-MM-dd}", "SpentMoney", "ReservedMoney"), Sum("project|", "SpentMoney", "ReservedMoney"), Sum("", "ReservedMoney"));
    }

    private static Task<string> CreateAsync(LocalSite site, string scenario) =>
        site.Tickets.CreateAsync(TicketFile.Parse($"# Add the thing\n\nAdd it, {scenario}.\n", "the test"), "agentsquad", default);

    private static async Task<Cli.LocalSystem.TicketRun> EndAsync(LocalSite site, string key)
    {
        var run = await site.WaitForEndAsync(key);
        Assert.True(run.RunStatus == "Completed", $"{run}\n{site.AppLog}");
        return run;
    }
}
