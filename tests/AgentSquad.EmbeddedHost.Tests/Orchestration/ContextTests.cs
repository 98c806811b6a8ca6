using AgentSquad.EmbeddedHost.Orchestration.Hub;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace AgentSquad.EmbeddedHost.Tests.Orchestration;

/// <summary>What an orchestrator learns from its context, and what the context refuses, on real Azurite.</summary>
public sealed class ContextTests
{
    [Fact]
    public async Task Properties_OfTheHost_AreThereAlsoInAReplayAndNoOthers()
    {
        var functions = new TestFunctions().Orchestrator("Reads", async context =>
        {
            var before = context.Properties["interval"];
            await context.WaitForExternalEvent<string>("Go");
            return $"{before} {context.Properties["interval"]} {context.Properties.Count} {context.Properties.ContainsKey("other")}";
        });
        var options = new TaskHubEngineOptions { ContextProperties = new Dictionary<string, object?> { ["interval"] = 250 } };
        await using var harness = await EngineHarness.StartAsync(functions, options);
        var id = await harness.ScheduleAsync("Reads");
        await harness.UntilAsync(id, state => state.IsRunning);

        await harness.CrashAndRestartAsync();
        await harness.Client.RaiseEventAsync(id, "Go", "x");

        Assert.Equal("250 250 1 False", (await harness.EndAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Properties_ThatTheHostDoesNotHave_FailTheInstanceThatNeedsThem()
    {
        var functions = new TestFunctions().Orchestrator("Reads", context => Task.FromResult(context.Properties["interval"]));
        await using var harness = await EngineHarness.StartAsync(functions);

        Assert.True((await harness.RunAsync("Reads")).FailureDetails!.IsCausedBy<KeyNotFoundException>());
    }

    [Theory]
    [InlineData("2.0", "1.9", 1)]
    [InlineData("2.0", "2.0", 0)]
    [InlineData("2.9", "2.10", -1)] // numbers, not text
    [InlineData("Beta", "alpha", 1)]
    [InlineData("2.0", "", 1)]
    [InlineData("", "1.0", -1)] // one without a version is older than any
    public async Task CompareVersionTo_OfTheInstance_OrdersThem(string mine, string other, int expected)
    {
        var functions = new TestFunctions().Orchestrator(
            "Compares", context => Task.FromResult<object?>(Math.Sign(context.CompareVersionTo(context.GetInput<string>()!))));
        await using var harness = await EngineHarness.StartAsync(functions);

        var id = await harness.Client.ScheduleNewOrchestrationInstanceAsync("Compares", other, new StartOrchestrationOptions { Version = new TaskVersion(mine) });

        Assert.Equal(expected, (await harness.EndAsync(id)).ReadOutputAs<int>());
    }

    [Fact]
    public async Task ContinueAsNew_WithOptions_TakesInputVersionAndEventsAlong()
    {
        var functions = new TestFunctions().Orchestrator("Renews", async context =>
        {
            if (context.Version == "2") return $"{context.GetInput<string>()} {await context.WaitForExternalEvent<string>("Early")} {context.Parent is null}";
            await context.WaitForExternalEvent<string>("Go");
            context.ContinueAsNew(new ContinueAsNewOptions { NewInput = "renewed", NewVersion = "2" });
            return null;
        });
        await using var harness = await EngineHarness.StartAsync(functions);
        var id = await harness.Client.ScheduleNewOrchestrationInstanceAsync("Renews", "old", new StartOrchestrationOptions { Version = new TaskVersion("1") });
        await harness.Client.RaiseEventAsync(id, "Early", "kept");

        await harness.CrashAndRestartAsync();
        await harness.Client.RaiseEventAsync(id, "Go", "x");

        Assert.Equal("renewed kept True", (await harness.EndAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task NewGuidAndCurrentUtcDateTime_AfterACrash_AreWhatTheyWereAndDifferBetweenCallsAndInstances()
    {
        var seen = new List<string>();
        var functions = new TestFunctions().Orchestrator("Notes", async context =>
        {
            lock (seen) seen.Add($"{context.InstanceId} {context.NewGuid()} {context.NewGuid()} {context.CurrentUtcDateTime:o}");
            context.SetCustomStatus("noted");
            return await context.WaitForExternalEvent<string>("Go");
        });
        await using var harness = await EngineHarness.StartAsync(functions);
        foreach (var id in (string[])["one", "two"])
        {
            await harness.ScheduleAsync("Notes", null, id);
            await harness.UntilAsync(id, state => state.SerializedCustomStatus is not null);
        }

        await harness.CrashAndRestartAsync();
        foreach (var id in (string[])["one", "two"])
        {
            await harness.Client.RaiseEventAsync(id, "Go", "x");
            await harness.EndAsync(id);
        }

        Assert.Equal(4, seen.Count);
        Assert.Equal(seen[..2], seen[2..]);
        Assert.Equal(4, seen[..2].SelectMany(line => line.Split(' ')[1..3]).Distinct().Count());
    }

    [Fact]
    public async Task Calls_ThatCannotBeMeant_AreRefusedWithAWord()
    {
        var functions = new TestFunctions()
            .Orchestrator("Errs", async context =>
            {
                List<string> refused = [];
                foreach (var call in (Func<Task>[])
                         [
                             () => context.CallActivityAsync("Work", (object)new TaskOptions(new RetryPolicy(2, TimeSpan.FromSeconds(1)))),
                             () => context.CallActivityAsync(default),
                             () => context.CallSubOrchestratorAsync(default),
                             () => context.WaitForExternalEvent<string>(""),
                             () =>
                             {
                                 context.SendEvent("", "Go", 1);
                                 return Task.CompletedTask;
                             },
                         ])
                {
                    try
                    {
                        await call();
                    }
                    catch (ArgumentException refusal)
                    {
                        refused.Add(refusal.ParamName!);
                    }
                }

                return string.Join(' ', refused);
            })
            .Activity("Work", _ => 1);
        await using var harness = await EngineHarness.StartAsync(functions);

        Assert.Equal("input name orchestratorName eventName instanceId", (await harness.RunAsync("Errs")).ReadOutputAs<string>());
        Assert.Equal(0, functions.CallsOf("Work"));
    }

    [Theory]
    [InlineData("input")]
    [InlineData("event")]
    [InlineData("result")]
    public async Task Payload_ThatIsNoSuchType_FailsOnlyTheInstanceThatReadsIt(string which)
    {
        var functions = new TestFunctions()
            .Orchestrator("Reads", async context => which switch
            {
                "input" => context.GetInput<int>(),
                "event" => await context.WaitForExternalEvent<int>("Go"),
                _ => await context.CallActivityAsync<int>("Text"),
            })
            .Orchestrator("Other", async context => await context.WaitForExternalEvent<string>("Go"))
            .Activity("Text", _ => "text");
        await using var harness = await EngineHarness.StartAsync(functions);
        await harness.ScheduleAsync("Other", null, "other");
        await harness.ScheduleAsync("Reads", "text", "reads");
        if (which == "event") await harness.Client.RaiseEventAsync("reads", "Go", "text");

        Assert.Equal(OrchestrationRuntimeStatus.Failed, (await harness.EndAsync("reads")).RuntimeStatus);
        await harness.Client.RaiseEventAsync("other", "Go", "on");
        Assert.Equal("on", (await harness.EndAsync("other")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task WaitForExternalEvent_SameNameOtherType_IsRefusedWithBothTypes()
    {
        var functions = new TestFunctions().Orchestrator("Waits", async context =>
        {
            var first = context.WaitForExternalEvent<int>("Go");
            try
            {
                await context.WaitForExternalEvent<string>("go");
                return "not refused";
            }
            catch (ArgumentException refusal)
            {
                return $"{await first} {refusal.Message}";
            }
        });
        await using var harness = await EngineHarness.StartAsync(functions);
        var id = await harness.ScheduleAsync("Waits");
        await harness.Client.RaiseEventAsync(id, "Go", 1);

        var end = (await harness.EndAsync(id)).ReadOutputAs<string>();
        Assert.StartsWith("1 Events with the same name", end, StringComparison.Ordinal);
        Assert.Contains("System.Int32", end, StringComparison.Ordinal);
    }
}
