using System.Text.RegularExpressions;
using AgentSquad.EndToEnd.Tests.Support;

namespace AgentSquad.EndToEnd.Tests.Run;

/// <summary>
/// Whole runs with all that a run can write: comments, transitions, sub-tasks that follow the work, files, a page and the link to it. Each write
/// of a run goes wrong in each way in one of these runs, and in the end each ticket shows what it shows without any trouble.
/// </summary>
public sealed partial class ExactlyOnceRunTests : IAsyncLifetime
{
    private const int CleanRun = 30_000;

    // How far apart the writes are that go wrong in the same run: far enough for a run to end, near enough for few runs.
    private const int Stride = 6;

    private readonly WriteFaults _faults = new();
    private LocalSite? _site;

    private LocalSite Site => _site!;

    public async Task InitializeAsync()
    {
        _site = await LocalSite.StartAsync(
            webhooks: false, ("Squad__StatusInterval", "00:00:00"), ("Jira__LateWriteWait", "00:00:00.6"), ("Jira__RequestsPerSecond", "1000"),
            ("Squad__SubTasks__Enabled", "true"), ("Confluence__BaseUrl", "{jira}/wiki"), ("Confluence__SpaceKey", "TEST"));
        Site.Proxy.Faults = _faults;
    }

    public async Task DisposeAsync() => await Site.DisposeAsync();

    [Fact]
    public async Task EveryWriteOfARun_AnswerLostOrLandingLate_ShowsOnce()
    {
        await SeedAsync(CleanRun);
        await RunAsync(CleanRun, WriteFault.None, _ => false);
        var expected = await ReadAsync(CleanRun);
        var writes = _faults.CountOf($"{CleanRun}");
        Assert.InRange(writes, 2 * Stride, 100);
        foreach (var kind in (string[])["moved to", "comment", "sub-task", "file", "page"]) Assert.Contains($"\n{kind}", expected, StringComparison.Ordinal);

        WriteFault[] kinds = [WriteFault.AnswerLost, WriteFault.LandsLate];
        var runs = kinds.SelectMany(fault => Enumerable.Range(0, Stride).Select(offset => (Fault: fault, Offset: offset)))
            .Select((run, index) => (Id: CleanRun + 100 + index, run.Fault, run.Offset)).ToList();

        // All of them first: the site numbers the sub-tasks that it makes from the highest ticket on.
        foreach (var run in runs) await SeedAsync(run.Id);
        await Task.WhenAll(runs.Select(run => RunAsync(run.Id, run.Fault, count => count % Stride == run.Offset)));

        foreach (var run in runs)
        {
            var actual = await ReadAsync(run.Id);
            Assert.True(expected == actual, $"Every {Stride}th write from {run.Offset}, {run.Fault}:\n{actual}\ninstead of\n{expected}");
        }
    }

    private Task SeedAsync(int id) => Site.SeedAsync($"{id}", $"TEST-{id}", "Add a search box");

    private async Task RunAsync(int id, WriteFault fault, Predicate<int> meets)
    {
        _faults.Arm($"{id}", fault, meets);
        var started = Site.LabelAdded($"{id}", $"TEST-{id}");

        // As Jira does: what was not accepted is delivered again.
        await Eventually.HoldsAsync(async () =>
        {
            using var answer = await Site.PostWebhookAsync(started, identifier: $"start-{id}");
            return answer.IsSuccessStatusCode;
        });
        var run = await Site.WaitForEndAsync($"TEST-{id}");
        Assert.True(run.RunStatus == "Completed", $"{fault}: {run}\n{Site.AppLog}");
    }

    // Ids, and with them the hashes in file names, are the ticket's own.
    private async Task<string> ReadAsync(int id) => Hash().Replace(Id().Replace(await Site.ReadTicketAsync($"{id}"), "N"), "-HASH.");

    [GeneratedRegex("[0-9]{5,}")]
    private static partial Regex Id();

    [GeneratedRegex(@"\\?-([0-9a-f]|N){2,8}\.")]
    private static partial Regex Hash();
}
