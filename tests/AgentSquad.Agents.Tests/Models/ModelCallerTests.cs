using AgentSquad.Core.Squad;
using AgentSquad.TestSupport.Models;
using static AgentSquad.TestSupport.Models.ScriptedSquad;

namespace AgentSquad.Agents.Tests.Models;

public sealed class ModelCallerTests
{
    [Fact]
    public async Task Ask_ModelDoesNotAnswer_TheFallbackDoes()
    {
        await using var squad = await Squad.StartAsync(
            request => request.Model == "model-a" ? ModelReply.Status(503) : Happy(request), ("Agents:FallbackModel", "model-b"), ("Agents:Attempts", "2"));
        Assert.Equal(TriageVerdict.Ready, (await squad.TriageAsync()).Verdict);
        Assert.Equal(["model-a", "model-a", "model-b"], squad.Server.Requests.Select(request => request.Model));
    }

    [Fact]
    public async Task Ask_ModelKeepsFailing_IsLeftAloneForAWhile()
    {
        await using var squad = await Squad.StartAsync(
            request => request.Model == "model-a" ? ModelReply.Status(500) : Happy(request),
            ("Agents:FallbackModel", "model-b"), ("Agents:Attempts", "5"), ("Agents:BreakDuration", "00:10:00"));
        await squad.TriageAsync("1");
        var before = squad.Server.Requests.Count(request => request.Model == "model-a");
        await squad.TriageAsync("2");
        Assert.Equal(5, before);
        Assert.Equal(before, squad.Server.Requests.Count(request => request.Model == "model-a"));
    }

    [Fact]
    public async Task Ask_ServiceAsksForALongPause_LeavesTheWaitingToTheRun()
    {
        await using var squad = await Squad.StartAsync(_ => ModelReply.Status(429, "3600"));
        var failure = await Assert.ThrowsAsync<AgentException>(() => squad.TriageAsync());
        Assert.True(failure.IsTransient);
        Assert.Equal("The model service has too many requests (429).", failure.Message);
        Assert.Single(squad.Server.Requests);
    }

    [Fact]
    public async Task Ask_ServiceAsksForAShortPause_WaitsThatLong()
    {
        var number = 0;
        await using var squad = await Squad.StartAsync(request => Interlocked.Increment(ref number) == 1 ? ModelReply.Status(429, "1") : Happy(request));
        var watch = System.Diagnostics.Stopwatch.StartNew();
        await squad.TriageAsync();
        Assert.True(watch.Elapsed >= TimeSpan.FromSeconds(0.9), $"It took {watch.Elapsed}.");
    }

    [Fact]
    public async Task Ask_NoAnswerInTime_IsTransient()
    {
        await using var squad = await Squad.StartAsync(_ => ModelReply.Silence(), ("Agents:Timeout", "00:00:01"), ("Agents:Attempts", "1"));
        var failure = await Assert.ThrowsAsync<AgentException>(() => squad.TriageAsync());
        Assert.True(failure.IsTransient);
        Assert.Equal("The model did not answer within 1 s.", failure.Message);
    }

    [Fact]
    public async Task Ask_RunIsStopped_TheCallEndsAtOnce()
    {
        var asked = new TaskCompletionSource();
        await using var squad = await Squad.StartAsync(_ =>
        {
            asked.TrySetResult();
            return ModelReply.Silence();
        });
        using var stop = new CancellationTokenSource();
        var triage = squad.TriageAsync(cancellationToken: stop.Token);
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(60));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => triage.WaitAsync(TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public async Task Ask_RoleWithAModelOfItsOwn_UsesIt()
    {
        await using var squad = await Squad.StartAsync(
            Happy, ("Agents:Roles:ProjectManager:Model", "model-pm"), ("Agents:Roles:ProjectManager:MaxOutputTokens", "500"));
        await squad.TriageAsync();
        var request = Assert.Single(squad.Server.Requests);
        Assert.Equal("model-pm", request.Model);
        Assert.Equal(500, request.MaxTokens);
    }
}
