using AgentSquad.Cli.LocalSystem;
using AgentSquad.EndToEnd.Tests.Support;
using AgentSquad.TestSupport.Models;
using Azure.Data.Tables;

namespace AgentSquad.EndToEnd.Tests.Run;

/// <summary>Budgets of tickets, days and projects, spent by a squad of language models.</summary>
public sealed class ModelBudgetTests(ModelSite models) : IClassFixture<ModelSite>
{
    [Fact]
    public async Task Budget_IsUsedUp_HoldsTheRunAndGoesOnAfterTheExtension()
    {
        // A chatty model: every answer takes all that it may.
        var (site, server) = await models.UseAsync(
            "OpenAI", "/v1", request => ScriptedSquad.Happy(request) is TextReply text ? text with { Input = 2_000, Output = request.MaxTokens } : ModelReply.Silence(),
            ("Agents__Budget__PerTicket", "0.05"), ("Agents__MaxOutputTokens", "1000"));
        var key = await ModelSite.CreateAsync(site, "scenario budget");

        await Eventually.HoldsAsync(
            async () => (await site.Runs.FindAsync(key, default))?.Detail?.Contains("The budget of this ticket does not allow", StringComparison.Ordinal) == true, () => site.AppLog);
        Assert.True((await site.Runs.FindAsync(key, default))!.Cost!.Spent <= 0.05m);
        var asked = server.Requests.Count;
        await site.CommentAsync(key, "/squad extend 2.00");

        await ModelSite.EndAsync(site, key);
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

        var before = models.Current is { } used ? await SpentAsync(used) : default;
        var (day, project) = (before.Day + 0.45m, before.Project + 0.60m);
        var (site, server) = await models.UseAsync(
            "OpenAI", "/v1", Chatty, ("Agents__Budget__PerDay", Text(day)), ("Agents__Budget__PerProject", Text(project)), ("Agents__MaxOutputTokens", "1000"));
        var keys = await Task.WhenAll(Enumerable.Range(1, 3).Select(i => ModelSite.CreateAsync(site, $"scenario day {i}")));
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
        foreach (var key in keys) await ModelSite.EndAsync(site, key);
        Assert.Equal(default, (await SpentAsync(site)).Reserved);

        static bool IsHeld(TicketRun run) => run.Detail?.Contains("The budget of today does not allow", StringComparison.Ordinal) == true;
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
}
