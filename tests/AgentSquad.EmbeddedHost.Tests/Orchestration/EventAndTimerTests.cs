using AgentSquad.EmbeddedHost.Orchestration.Hub;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace AgentSquad.EmbeddedHost.Tests.Orchestration;

public sealed class EventAndTimerTests
{
    [Fact]
    public async Task WaitForExternalEvent_EventCameEarlier_IsTakenInOrder()
    {
        var functions = new TestFunctions()
            .Orchestrator("Collects", async context =>
            {
                await context.CallActivityAsync("Gate");
                var first = await context.WaitForExternalEvent<int>("Number");
                var second = await context.WaitForExternalEvent<int>("NUMBER");
                return new[] { first, second };
            });
        var gate = EngineHarness.NewSignal();
        functions.AsyncActivity("Gate", async (_, _, _) =>
        {
            await gate.Task;
            return null;
        });
        await using var harness = await EngineHarness.StartAsync(functions);
        var id = await harness.ScheduleAsync("Collects");

        await harness.Client.RaiseEventAsync(id, "number", 1);
        await harness.Client.RaiseEventAsync(id, "Number", 2);
        gate.SetResult();

        Assert.Equal((int[])[1, 2], (await harness.EndAsync(id)).ReadOutputAs<int[]>());
    }

    [Fact]
    public async Task RaiseEvent_AcknowledgedThenCrash_IsNotLost()
    {
        var functions = new TestFunctions().Orchestrator("Waits", async context => await context.WaitForExternalEvent<string>("Go"));
        await using var harness = await EngineHarness.StartAsync(functions);
        var id = await harness.ScheduleAsync("Waits");
        await harness.Client.RaiseEventAsync(id, "Go", "now");

        await harness.CrashAndRestartAsync();

        Assert.Equal("now", (await harness.EndAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task RaiseEvent_UnknownOrEndedInstance_Throws()
    {
        var functions = new TestFunctions().Orchestrator("Ends", _ => Task.FromResult<object?>(1));
        await using var harness = await EngineHarness.StartAsync(functions);
        var end = await harness.RunAsync("Ends");

        await Assert.ThrowsAsync<ArgumentException>(() => harness.Client.RaiseEventAsync("nobody", "Go"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => harness.Client.RaiseEventAsync(end.InstanceId, "Go"));
    }

    [Fact]
    public async Task RaiseEvent_UnknownOrEndedInstanceAndHostJsonSaysSo_IsDropped()
    {
        var functions = new TestFunctions().Orchestrator("Ends", _ => Task.FromResult<object?>(1));
        await using var harness = await EngineHarness.StartAsync(
            functions, new TaskHubEngineOptions { ThrowStatusExceptionsOnRaiseEvent = false });
        var end = await harness.RunAsync("Ends");

        await harness.Client.RaiseEventAsync("nobody", "Go");
        await harness.Client.RaiseEventAsync(end.InstanceId, "Go");

        Assert.Null(await harness.Client.GetInstanceAsync("nobody"));
        Assert.Equal(1, (await harness.EndAsync(end.InstanceId)).ReadOutputAs<int>());
    }

    [Fact]
    public async Task WaitForExternalEvent_TimeOut_CancelsTheWaitWhichThenTakesNothing()
    {
        var functions = new TestFunctions()
            .Orchestrator("Waits", async context =>
            {
                var timedOut = false;
                try
                {
                    await context.WaitForExternalEvent<string>("Go", TimeSpan.FromMilliseconds(30));
                }
                catch (OperationCanceledException)
                {
                    timedOut = true;
                }

                context.SetCustomStatus("timed out");
                return $"{timedOut} {await context.WaitForExternalEvent<string>("Go")}";
            });
        await using var harness = await EngineHarness.StartAsync(functions);
        var id = await harness.ScheduleAsync("Waits");
        await harness.UntilAsync(id, state => state.SerializedCustomStatus is not null);

        await harness.Client.RaiseEventAsync(id, "Go", "second");

        Assert.Equal("True second", (await harness.EndAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task WaitForExternalEvent_EventBeforeTimeOut_DropsTheTimer()
    {
        var functions = new TestFunctions()
            .Orchestrator("Waits", async context => await context.WaitForExternalEvent<string>("Go", TimeSpan.FromDays(400)));
        await using var harness = await EngineHarness.StartAsync(functions);
        var id = await harness.ScheduleAsync("Waits");

        await harness.Client.RaiseEventAsync(id, "Go", "early");

        Assert.Equal("early", (await harness.EndAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task WaitForExternalEvent_TwoWaiters_TheNewestIsServedFirst()
    {
        var functions = new TestFunctions()
            .Orchestrator("Waits", async context =>
            {
                var older = context.WaitForExternalEvent<int>("Go");
                var newer = context.WaitForExternalEvent<int>("Go");
                var values = new[] { await newer, await older };
                return values;
            });
        await using var harness = await EngineHarness.StartAsync(functions);
        var id = await harness.ScheduleAsync("Waits");
        await harness.Client.RaiseEventAsync(id, "Go", 1);
        await harness.Client.RaiseEventAsync(id, "Go", 2);

        Assert.Equal((int[])[1, 2], (await harness.EndAsync(id)).ReadOutputAs<int[]>());
    }

    [Fact]
    public async Task SendEvent_OtherInstance_Arrives()
    {
        var functions = new TestFunctions()
            .Orchestrator("Receives", async context => await context.WaitForExternalEvent<string>("Hello"))
            .Orchestrator("Sends", context =>
            {
                context.SendEvent(context.GetInput<string>()!, "hello", "from the other");
                context.SendEvent("nobody", "hello", "lost");
                return Task.FromResult<object?>(null);
            });
        await using var harness = await EngineHarness.StartAsync(functions);
        var receiver = await harness.ScheduleAsync("Receives");

        await harness.RunAsync("Sends", receiver);

        Assert.Equal("from the other", (await harness.EndAsync(receiver)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task CreateTimer_Waits_NotLessThanAskedAndAlsoAcrossARestart()
    {
        var functions = new TestFunctions()
            .Orchestrator("Sleeps", async context =>
            {
                var before = context.CurrentUtcDateTime;
                await context.CreateTimer(TimeSpan.FromMilliseconds(300), CancellationToken.None);
                return context.CurrentUtcDateTime - before;
            });
        await using var harness = await EngineHarness.StartAsync(functions);
        var id = await harness.ScheduleAsync("Sleeps");

        await harness.CrashAndRestartAsync();

        Assert.True((await harness.EndAsync(id)).ReadOutputAs<TimeSpan>() >= TimeSpan.FromMilliseconds(300));
    }

    [Fact]
    public async Task CreateTimer_Cancelled_ThrowsAndTheInstanceGoesOn()
    {
        var functions = new TestFunctions()
            .Orchestrator("Cancels", async context =>
            {
                using var cancellation = new CancellationTokenSource();
                var timer = context.CreateTimer(TimeSpan.FromDays(1), cancellation.Token);
                await context.CallActivityAsync("Work");
                cancellation.Cancel();
                try
                {
                    await timer;
                    return "fired";
                }
                catch (OperationCanceledException)
                {
                    return await context.CallActivityAsync<string>("Work");
                }
            })
            .Activity("Work", _ => "worked");
        await using var harness = await EngineHarness.StartAsync(functions);

        Assert.Equal("worked", (await harness.RunAsync("Cancels")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task CreateTimer_TimeInThePast_FiresAtOnce()
    {
        var functions = new TestFunctions()
            .Orchestrator("Sleeps", async context =>
            {
                await context.CreateTimer(context.CurrentUtcDateTime.AddHours(-1), CancellationToken.None);
                return "awake";
            });
        await using var harness = await EngineHarness.StartAsync(functions);

        Assert.Equal("awake", (await harness.RunAsync("Sleeps")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task ScheduledStart_Later_IsPendingUntilThenAndSurvivesARestart()
    {
        var functions = new TestFunctions().Orchestrator("Starts", _ => Task.FromResult<object?>("started"));
        await using var harness = await EngineHarness.StartAsync(functions);
        var startAt = DateTimeOffset.UtcNow.AddMilliseconds(1500);
        var id = await harness.Client.ScheduleNewOrchestrationInstanceAsync("Starts", null, new StartOrchestrationOptions(StartAt: startAt));

        await harness.CrashAndRestartAsync();
        var before = await harness.Client.GetInstanceAsync(id);
        var end = await harness.EndAsync(id);

        // A slow machine may take longer over the restart than it has.
        Assert.True(before!.RuntimeStatus == OrchestrationRuntimeStatus.Pending || before.LastUpdatedAt >= startAt.AddMilliseconds(-1), $"{before}");
        Assert.True(end.LastUpdatedAt >= startAt.AddMilliseconds(-1), $"{end.LastUpdatedAt:o} before {startAt:o}");
    }

    [Fact]
    public async Task Passivated_Waiting_IsReplayedWithTheSameTimeAndGuid()
    {
        var seen = new List<(DateTime Now, Guid Guid, bool Replaying)>();
        var functions = new TestFunctions()
            .Orchestrator("Waits", async context =>
            {
                await context.CallActivityAsync("Work");
                lock (seen) seen.Add((context.CurrentUtcDateTime, context.NewGuid(), context.IsReplaying));
                await context.WaitForExternalEvent<string>("Go");
                return context.IsReplaying;
            })
            .Activity("Work", _ => null);
        await using var harness = await EngineHarness.StartAsync(functions, new TaskHubEngineOptions { PassivateAfter = TimeSpan.Zero });
        var id = await harness.ScheduleAsync("Waits");
        await harness.UntilAsync(id, _ => seen.Count > 0);
        await Passivated(harness);

        await harness.Client.RaiseEventAsync(id, "Go", "now");

        Assert.False((await harness.EndAsync(id)).ReadOutputAs<bool>());
        Assert.Equal(2, seen.Count);
        Assert.Equal((seen[0].Now, seen[0].Guid), (seen[1].Now, seen[1].Guid));
        Assert.False(seen[0].Replaying);
        Assert.True(seen[1].Replaying);
    }

    private static async Task Passivated(EngineHarness harness)
    {
        using var limit = new CancellationTokenSource(EngineHarness.Limit);
        while (harness.Engine.AwakeCount > 0) await Task.Delay(10, limit.Token);
    }
}
