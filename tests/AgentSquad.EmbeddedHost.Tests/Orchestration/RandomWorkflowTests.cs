using System.Text.Json;
using AgentSquad.EmbeddedHost.Orchestration.Hub;
using AgentSquad.EmbeddedHost.Tests.Orchestration.Crashes;
using Microsoft.DurableTask.Client;

namespace AgentSquad.EmbeddedHost.Tests.Orchestration;

public sealed class RandomWorkflowTests
{
    private const int Workflows = 12;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 12)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public Task GeneratedWorkflows_WithRandomCrashes_YieldWhatTheyWouldWithout(int seed) => RunAsync(seed);

    [Fact]
    public async Task GeneratedWorkflows_OfFreshSeeds_YieldWhatTheyShould()
    {
        for (var i = 0; i < 4; i++) await RunAsync(System.Random.Shared.Next(1000, 1_000_000));
    }

    private static async Task RunAsync(int seed)
    {
        var random = new Random(seed);
        var programs = Enumerable.Range(0, Workflows)
            .ToDictionary(i => $"w{i}", i => new ProgramGenerator((seed * 1000) + i).Next());
        var hub = new MemoryHub { CommitDelay = TimeSpan.FromMilliseconds(seed % 3) };
        await using var harness = await EngineHarness.StartAsync(RandomWorkflowFunctions.Create(), FaultyHub.Eager, hub);

        var driver = DriveAsync(harness, programs);
        // Every fifth runs without, so that a failure tells whether crashes have to do with it.
        for (var crashes = seed % 5 == 0 ? 0 : random.Next(2, 8); crashes > 0 && !driver.IsCompleted; crashes--)
        {
            await Task.Delay(random.Next(0, 60));
            await harness.CrashAndRestartAsync();
        }

        Assert.True(await Task.WhenAny(driver, Task.Delay(EngineHarness.Limit / 2)) == driver, $"seed {seed}: {await DescribeAsync(harness)}");
        await driver;
        foreach (var (id, program) in programs)
        {
            var end = await harness.EndAsync(id);
            Assert.True(
                end.RuntimeStatus == OrchestrationRuntimeStatus.Completed && end.ReadOutputAs<long>() == program.Expected(),
                $"seed {seed}, workflow {id}: {end}, expected {program.Expected()}, program {JsonSerializer.Serialize(program)}");
        }
    }

    // What hangs, for a failing case.
    private static async Task<string> DescribeAsync(EngineHarness harness)
    {
        var open = await harness.Client.GetAllInstancesAsync(new OrchestrationQuery(FetchInputsAndOutputs: true))
            .Where(state => !state.IsCompleted).ToListAsync();
        var lines = new List<string>();
        foreach (var state in open)
        {
            var history = await harness.Engine.GetHistoryAsync(state.InstanceId, CancellationToken.None);
            lines.Add($"{state}, input {state.SerializedInput}, history {string.Join(" | ", history!)}");
        }

        return string.Join('\n', lines);
    }

    // As a client does that knows of crashes: tries again until it has an acknowledgement.
    private static Task DriveAsync(EngineHarness harness, Dictionary<string, Program> programs) => Task.WhenAll(programs.Select(async pair =>
    {
        var (id, program) = pair;
        await PersistAsync(async () =>
        {
            if (await harness.Client.GetInstanceAsync(id) is null) await harness.ScheduleAsync("Run", program, id);
        });
        foreach (var listen in program.Listens)
        {
            await PersistAsync(() => harness.Client.RaiseEventAsync(id, listen.Event, listen.Payload));
        }

        await PersistAsync(() => harness.EndAsync(id));
    }));

    private static async Task PersistAsync(Func<Task> action)
    {
        using var limit = new CancellationTokenSource(EngineHarness.Limit);
        while (true)
        {
            try
            {
                await action();
                return;
            }
            catch (TaskHubUnavailableException)
            {
                await Task.Delay(5, limit.Token);
            }
            catch (InvalidOperationException)
            {
                // It was done, and only the acknowledgement was lost: the instance exists, or has ended already.
                return;
            }
        }
    }
}
