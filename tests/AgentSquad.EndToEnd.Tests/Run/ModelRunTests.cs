using AgentSquad.Cli;
using AgentSquad.EndToEnd.Tests.Support;
using AgentSquad.TestSupport.Models;

namespace AgentSquad.EndToEnd.Tests.Run;

/// <summary>Whole runs with a squad of language models, which a scripted server stands in for.</summary>
public sealed class ModelRunTests(ModelSite models) : IClassFixture<ModelSite>
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
        var happy = await ModelSite.CreateAsync(site, "scenario happy");
        var changed = await ModelSite.CreateAsync(site, "scenario changes-requested");
        var clarify = await ModelSite.CreateAsync(site, "scenario clarify");
        await Eventually.HoldsAsync(async () => (await site.Runs.FindAsync(clarify, default))?.Stage == "Clarify", () => site.AppLog);
        await site.CommentAsync(clarify, "The blue thing.");

        Assert.Equal(["Triage", "Plan", "Work", "Verify", "Deliver"], (await ModelSite.EndAsync(site, happy)).Stages);
        Assert.Equal(["Triage", "Clarify", "Triage", "Plan", "Work", "Verify", "Deliver"], (await ModelSite.EndAsync(site, clarify)).Stages);
        Assert.Equal(["Triage", "Plan", "Work", "Verify", "Deliver"], (await ModelSite.EndAsync(site, changed)).Stages);
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
        var key = await ModelSite.CreateAsync(site, "scenario kill");

        await repairAsked.Task.WaitAsync(SquadCli.Timeout);
        await site.KillAppAsync();
        dead = true;
        await site.StartAppAsync();

        await ModelSite.EndAsync(site, key);
        Assert.Equal(1, server.Requests.Count(request => request.Step == "triage"));
        Assert.Equal(1, server.Requests.Count(request => request.Step == "planning" && request.Turns == 1));
        Assert.Equal(2, server.Requests.Count(request => request.Step == "planning" && request.Turns == 2));
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
}
