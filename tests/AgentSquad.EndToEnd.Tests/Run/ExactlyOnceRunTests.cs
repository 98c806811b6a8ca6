using AgentSquad.EndToEnd.Tests.Support;

namespace AgentSquad.EndToEnd.Tests.Run;

/// <summary>
/// A whole run, once for each of its writes to Jira and each way in which that write's outcome can stay unknown. In the end the ticket shows
/// what it shows after a run without any trouble.
/// </summary>
public sealed class ExactlyOnceRunTests : IAsyncLifetime
{
    private const int CleanRun = 30_000;

    private readonly WriteFaults _faults = new();
    private LocalSite? _site;

    private LocalSite Site => _site!;

    public async Task InitializeAsync()
    {
        _site = await LocalSite.StartAsync(
            webhooks: false, ("Squad__StatusInterval", "00:00:00"), ("Jira__LateWriteWait", "00:00:01"), ("Jira__RequestsPerSecond", "1000"));
        Site.Proxy.Fault = _faults.Of;
    }

    public async Task DisposeAsync() => await Site.DisposeAsync();

    [Fact]
    public async Task EveryWriteOfARun_AnswerLostOrLandingLate_ShowsOnce()
    {
        await RunAsync(CleanRun, 0, WriteFault.None);
        var expected = await ReadAsync(CleanRun);
        var writes = _faults.CountOf($"{CleanRun}");
        Assert.InRange(writes, 6, 60);

        // Every answer is lost once; every third write lands late as well (the test of the single effects lets each of them land late).
        var runs = Enumerable.Range(1, writes).Select(number => (Number: number, Fault: WriteFault.AnswerLost))
            .Concat(Enumerable.Range(1, writes).Where(number => number % 3 == 1).Select(number => (Number: number, Fault: WriteFault.LandsLate)))
            .Select((run, index) => (Id: CleanRun + 1 + index, run.Number, run.Fault)).ToList();
        await Parallel.ForEachAsync(runs, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (run, _) => await RunAsync(run.Id, run.Number, run.Fault));

        foreach (var run in runs)
        {
            Assert.True(_faults.CountOf($"{run.Id}") >= run.Number, $"Write {run.Number} was never met: {_faults.CountOf($"{run.Id}")} writes.");
            Assert.True(expected == await ReadAsync(run.Id), $"Write {run.Number}, {run.Fault}:\n{await ReadAsync(run.Id)}\ninstead of\n{expected}");
        }
    }

    private async Task RunAsync(int id, int number, WriteFault fault)
    {
        _faults.Arm($"{id}", number, fault);
        await Site.SeedAsync($"{id}", $"TEST-{id}", "Add a search box");
        var started = Site.LabelAdded($"{id}", $"TEST-{id}");

        // As Jira does: what was not accepted is delivered again.
        await Eventually.HoldsAsync(async () =>
        {
            using var answer = await Site.PostWebhookAsync(started, identifier: $"start-{id}");
            return answer.IsSuccessStatusCode;
        });
        var run = await Site.WaitForEndAsync($"TEST-{id}");
        Assert.True(run.RunStatus == "Completed", $"Write {number}, {fault}: {run}\n{Site.AppLog}");
    }

    private async Task<string> ReadAsync(int id) => (await Site.ReadTicketAsync($"{id}")).Replace($"{id}", "ID", StringComparison.Ordinal);
}
