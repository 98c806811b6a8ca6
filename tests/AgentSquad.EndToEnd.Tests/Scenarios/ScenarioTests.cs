using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentSquad.Cli;
using AgentSquad.Cli.Demo.Scenarios;
using AgentSquad.Cli.LocalSystem;
using AgentSquad.EndToEnd.Tests.Support;

namespace AgentSquad.EndToEnd.Tests.Scenarios;

/// <summary>The ticket's stories over real HTTP, judged by what the sandbox and the app say and not by what the command says.</summary>
public sealed class ScenarioTests(PlayedScenarios played) : IClassFixture<PlayedScenarios>
{
    private static readonly string[] JsonNames =
        ["scenario", "asExpected", "ticket", "status", "runStatus", "instanceId", "durationMs", "stages", "comments"];

    private static readonly Dictionary<string, (string Status, string Comments)> Ends = new()
    {
        ["happy"] = ("Done", "status delivery"),
        ["clarify"] = ("Done", "status question delivery"),
        ["approve"] = ("Done", "status approval delivery"),
        ["revise"] = ("Done", "status approval approval delivery"),
        ["changes-requested"] = ("Done", "status delivery"),
        ["stop"] = ("To Do", "status approval"),
        ["pause-resume"] = ("Done", "status approval reply delivery"),
        ["retry-after-failure"] = ("Done", "status failure delivery"),
        ["reminder-giveup"] = ("To Do", "status question reminder reminder failure"),
        ["duplicate-webhooks"] = ("Done", "status approval delivery"),
        ["edited-midway"] = ("Done", "status approval approval delivery"),
    };

    [Fact]
    public async Task Scenarios_All_EndAsTheTicketAndTheAppSay()
    {
        played.Result.Expect(ExitCode.Success);
        var lines = played.Result.Output.TrimEnd().Split('\n').Select(line => JsonDocument.Parse(line).RootElement).ToList();

        Assert.Equal(Ends.Keys, lines.Select(line => line.GetProperty("scenario").GetString()));
        foreach (var line in lines)
        {
            Assert.Equal(JsonNames, line.EnumerateObject().Select(p => p.Name));
            Assert.True(line.GetProperty("asExpected").GetBoolean());
            var (status, comments) = Ends[line.GetProperty("scenario").GetString()!];
            var key = line.GetProperty("ticket").GetString()!;
            Assert.Equal(status, await played.As(SandboxAccount.Reporter).GetStatusAsync(key, default));
            Assert.Equal(comments, string.Join(' ', await played.KindsAsync(key)));
            var run = await played.Runs.FindAsync(key, default);
            Assert.Equal(("Completed", line.GetProperty("instanceId").GetString()), (run?.RunStatus, run?.InstanceId));
        }
    }

    [Fact]
    public async Task Run_PersonWithoutTheRight_NeitherCommentNorHttpNorEventNorForgedMarkerMovesIt()
    {
        var (rita, ben) = (played.As(SandboxAccount.Reporter), played.As(SandboxAccount.Bystander));
        var key = await rita.CreateAsync(ScenarioTickets.Sensitive, ScenarioSettings.TriggerLabel, default);
        await HasAsync(key, "approval", 1);
        var instance = (await played.Runs.FindAsync(key, default))!.InstanceId;

        // By comment: one short answer each. With a forged marker: not even that.
        await ben.AddCommentAsync(key, "/squad approve", default, new JsonObject { ["key"] = "run/approval/1", ["instance"] = instance, ["kind"] = "approval" });
        foreach (var command in (string[])["approve", "revise Do it my way.", "stop", "pause"]) await ben.AddCommentAsync(key, $"/squad {command}", default);
        await HasAsync(key, "reply", 4);

        // By HTTP: nobody approves with a key unless the settings say so, and nobody does anything without one.
        Assert.Equal(HttpStatusCode.Forbidden, await PostAsync($"/api/tickets/{key}/commands/approve", played.Keys.DefaultFunctionKey));
        foreach (var command in (string[])["approve", "stop", "retry"])
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync($"/api/tickets/{key}/commands/{command}", key: null));
        }

        // By events: whoever may raise them makes the run look at the ticket, no more.
        foreach (var name in (string[])["wake", "approve", "decision", "stop", "command"])
        {
            var forged = new { Command = "Approve", By = "Rita Reporter (reporter)", CommentId = "10000" };
            Assert.Equal(
                HttpStatusCode.Accepted,
                await PostAsync($"/runtime/webhooks/durabletask/instances/{instance}/raiseEvent/{name}", played.Keys.SystemKeys.Values.First(), forged));
        }

        // What came before the reporter's question has been judged when it is answered.
        await rita.AddCommentAsync(key, "/squad status", default);
        await HasAsync(key, "reply", 5);
        Assert.Equal(("Running", "Approve"), await StandAsync(key));

        await rita.AddCommentAsync(key, "/squad stop", default);
        await Eventually.HoldsAsync(async () => await StandAsync(key) == ("Completed", "Stopped"));
        await ben.AddCommentAsync(key, "/squad retry", default);
        await HasAsync(key, "reply", 6);
        await Eventually.HoldsAsync(async () => await StandAsync(key) == ("Completed", "Stopped"));
        Assert.Equal("To Do", await rita.GetStatusAsync(key, default));
        Assert.Equal("status approval reply reply reply reply reply reply", string.Join(' ', await played.KindsAsync(key)));
    }

    [Fact]
    public async Task Run_StrangerCopiesItsMarks_WritesItsOwnCommentsAndLeavesTheOthersAlone()
    {
        var (rita, ben) = (played.As(SandboxAccount.Reporter), played.As(SandboxAccount.Bystander));
        var key = await rita.CreateAsync(ScenarioTickets.Sensitive, ScenarioSettings.TriggerLabel, default);
        await HasAsync(key, "approval", 1);

        // The mark of the status comment says how that of the delivery will read.
        var mark = (await played.CommentsAsync(key)).First(comment => comment.Mark?["kind"]?.GetValue<string>() == "status").Mark!;
        foreach (var kind in (string[])["delivery", "status"])
        {
            var copied = (JsonObject)mark.DeepClone();
            (copied["kind"], copied["key"]) = (kind, mark["key"]!.GetValue<string>().Replace("status", kind, StringComparison.Ordinal));
            await ben.AddCommentAsync(key, $"Nothing but lies about the {kind}.", default, copied);
        }

        await rita.AddCommentAsync(key, "/squad approve", default);
        await Eventually.HoldsAsync(async () => await StandAsync(key) == ("Completed", "Deliver"));

        Assert.Equal("status approval delivery", string.Join(' ', await played.KindsAsync(key)));
        Assert.Contains(await played.CommentsAsync(key), comment => comment.Body.Contains("Decided: Approve by Rita Reporter (reporter).", StringComparison.Ordinal));
        var forged = (await played.CommentsAsync(key)).Where(comment => comment.Author == SandboxAccount.Bystander.AccountId).ToList();
        Assert.Equal(["delivery", "status"], forged.Select(comment => comment.Mark?["kind"]?.GetValue<string>()));
        Assert.All(forged, comment => Assert.Contains("Nothing but lies", comment.Body, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Clarify_AnswerThatOnlySomeMayRead_IsToldThereAndGoesNoFurther()
    {
        var rita = played.As(SandboxAccount.Reporter);
        var key = await rita.CreateAsync(ScenarioTickets.Unclear, ScenarioSettings.TriggerLabel, default);
        await HasAsync(key, "question", 1);

        await played.AddRestrictedCommentAsync(key, "Only for us: the secret word is Sesame-4711.", "Developers");
        await HasAsync(key, "reply", 1);
        Assert.Equal(("Running", "Clarify"), await StandAsync(key));
        await rita.AddCommentAsync(key, ScenarioTickets.Answer, default);
        await Eventually.HoldsAsync(async () => await StandAsync(key) == ("Completed", "Deliver"));

        var squads = (await played.CommentsAsync(key)).Where(comment => comment.Author == SandboxAccount.Bot.AccountId).ToList();
        Assert.Equal(
            [("status", null), ("question", null), ("reply", "Developers"), ("delivery", null)],
            squads.Select(comment => (comment.Mark?["kind"]?.GetValue<string>(), comment.Role)));
        Assert.All([.. squads.Select(comment => comment.Body), await played.DescriptionAsync(key)], text => Assert.DoesNotContain("Sesame", text, StringComparison.Ordinal));
    }

    private Task HasAsync(string key, string kind, int count) => Eventually.HoldsAsync(
        async () => (await played.KindsAsync(key)).Count(found => found == kind) >= count);

    private async Task<(string? RunStatus, string? Stage)> StandAsync(string key)
    {
        var run = await played.Runs.FindAsync(key, default);
        return (run?.RunStatus, run?.Stage);
    }

    private async Task<HttpStatusCode> PostAsync(string path, string? key, object? body = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(played.System.FunctionApp + path)) { Content = JsonContent.Create(body ?? new { }) };
        if (key is not null) request.Headers.Add("x-functions-key", key);
        using var response = await played.Http.SendAsync(request);
        return response.StatusCode;
    }
}
