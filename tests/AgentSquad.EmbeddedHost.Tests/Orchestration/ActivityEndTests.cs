using AgentSquad.EmbeddedHost.Orchestration.Hub;
using Microsoft.DurableTask;

namespace AgentSquad.EmbeddedHost.Tests.Orchestration;

/// <summary>How an activity ends when it is late, or when its result cannot be stored.</summary>
public sealed class ActivityEndTests
{
    private static readonly TaskHubEngineOptions Hasty = new() { FunctionTimeout = TimeSpan.FromMilliseconds(200), LargePayloadBytes = 100 };

    [Fact]
    public async Task FunctionTimeout_IgnoredAndThenALargeResult_RanOnceAndItsThreadIsGivenBack()
    {
        var release = EngineHarness.NewSignal();
        using var logs = new CollectedLogs();
        await using var harness = await EngineHarness.StartAsync(
            Functions().AsyncActivity("Slow", async (_, _, _) =>
            {
                await release.Task;
                return new string('x', 500);
            }),
            Hasty,
            loggers: logs);

        var end = await harness.RunAsync("Calls");
        release.SetResult();

        await logs.Until(line => IsDiscarded(line) || line.Contains("Storage did not answer", StringComparison.Ordinal));
        Assert.Contains(logs.Lines, IsDiscarded);
        Assert.Contains("functionTimeout", end.ReadOutputAs<string>(), StringComparison.Ordinal);
        Assert.Equal(1, harness.Functions.CallsOf("Slow"));
    }

    [Fact]
    public async Task PayloadStore_FailsForAWhile_OnlyTheResultIsStoredAgain()
    {
        var hub = new FlakyHub(await AzuriteHub.CreateAsync(), afterItSucceeded: false);
        await using var harness = await EngineHarness.StartAsync(
            Functions().Activity("Slow", _ =>
            {
                hub.FailNext = 2;
                return new string('x', 500);
            }),
            new TaskHubEngineOptions { LargePayloadBytes = 100 },
            hub);

        Assert.Equal(500, (await harness.RunAsync("Calls")).ReadOutputAs<string>()!.Length);
        Assert.Equal(1, harness.Functions.CallsOf("Slow"));
    }

    [Fact]
    public async Task FunctionTimeout_ActivityEndsWhileItIsGivenUp_EveryCallerIsToldAllTheSame()
    {
        var release = new Dictionary<string, TaskCompletionSource> { ["a"] = EngineHarness.NewSignal(), ["b"] = EngineHarness.NewSignal() };
        using var logs = new CollectedLogs();
        logs.OnLine = line =>
        {
            if (!line.Contains("is given up; its slot", StringComparison.Ordinal)) return;

            // It was found to be late, and ends before that has consequences.
            var id = release.Keys.Single(id => line.Contains($"'{id}'", StringComparison.Ordinal));
            release[id].SetResult();
            logs.Until(other => IsDiscarded(other) && other.Contains($"'{id}'", StringComparison.Ordinal)).GetAwaiter().GetResult();
        };
        await using var harness = await EngineHarness.StartAsync(
            Functions().AsyncActivity("Slow", async (id, _, _) =>
            {
                await release[id].Task;
                return "late";
            }),
            Hasty,
            loggers: logs);

        foreach (var id in release.Keys) await harness.ScheduleAsync("Calls", null, id);

        foreach (var id in release.Keys) Assert.Contains("functionTimeout", (await harness.EndAsync(id)).ReadOutputAs<string>(), StringComparison.Ordinal);
    }

    private static bool IsDiscarded(string line) => line.Contains("result is discarded", StringComparison.Ordinal) && !line.Contains("functionTimeout", StringComparison.Ordinal);

    private static TestFunctions Functions() => new TestFunctions().Orchestrator("Calls", async context =>
    {
        try
        {
            return await context.CallActivityAsync<string>("Slow");
        }
        catch (TaskFailedException failure)
        {
            return failure.FailureDetails.ErrorMessage;
        }
    });
}
