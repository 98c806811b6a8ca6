using System.Text.Json;
using AgentSquad.Functions.Activities;
using AgentSquad.Functions.Run;
using AgentSquad.Functions.Tests.Support;
using AgentSquad.TestSupport;

namespace AgentSquad.Functions.Tests.Run;

/// <summary>
/// Runs in flight live through an update: the histories recorded here replay against today's orchestrator. An edit that breaks one needs a
/// new orchestrator name beside the old one, or has to wait until no such run is open; CONTRIBUTING says how.
/// </summary>
public sealed class SavedHistoriesTests
{
    private static readonly string Folder = Path.Combine(RepositoryPaths.Root, "tests", "AgentSquad.Functions.Tests", "Run", "Histories");

    public static TheoryData<string> Scenarios() => [.. Directory.EnumerateFiles(Folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)).Order()];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public Task History_Recorded_ReplaysAgainstTodaysCode(string scenario)
    {
        var history = Read(scenario);
        return history.GetProperty("name").GetString() == nameof(SquadTaskOrchestrator)
            ? HistoryReplay.RunAsync(history, SquadTaskOrchestrator.RunAsync)
            : HistoryReplay.RunAsync(history, TicketOrchestrator.RunAsync);
    }

    [Fact]
    public async Task History_PlantedNewStep_IsCaught()
    {
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => HistoryReplay.RunAsync(Read("happy"), async context =>
        {
            await context.CallActivityAsync<string>("PlantedStep", new { });
            return await TicketOrchestrator.RunAsync(context);
        }));

        Assert.Contains("PlantedStep", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task History_PlantedNewStepAtTheEnd_IsCaught() => await Assert.ThrowsAsync<InvalidOperationException>(
        () => HistoryReplay.RunAsync(Read("happy"), async context =>
        {
            var stage = await TicketOrchestrator.RunAsync(context);
            await context.CallActivityAsync<string>("PlantedStep", new { });
            return stage;
        }));

    [Fact]
    public async Task History_PlantedStepLeftOut_IsCaught()
    {
        // Today's code would review once where the recorded one did twice.
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => HistoryReplay.RunAsync(Read("changes-requested.task"), async context =>
        {
            var input = context.GetInput<SquadTaskInput>()!;
            var output = await context.CallActivityAsync<OutputCard>(nameof(AgentActivities.Implement), new ImplementInput(input, 1, [], []));
            return new SquadTaskResult(input.Task.Id, SquadTaskOutcome.Done, output.Step, 1);
        }));

        Assert.Contains("Review", failure.Message, StringComparison.Ordinal);
    }

    private static JsonElement Read(string scenario) => JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, scenario + ".json"))).RootElement;
}
