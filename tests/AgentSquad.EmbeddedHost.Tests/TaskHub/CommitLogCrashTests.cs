using System.Globalization;
using AgentSquad.EmbeddedHost.TaskHub;
using static AgentSquad.EmbeddedHost.Tests.TaskHub.HubOnAzurite;

namespace AgentSquad.EmbeddedHost.Tests.TaskHub;

/// <summary>
/// The same work is done over and over; every time another of its storage requests fails, or kills the process. Requests are counted, so
/// whatever the log comes to do, no commit point can be forgotten here.
/// </summary>
public sealed class CommitLogCrashTests
{
    private static readonly CommitLogOptions Quick = Options with { OutageLimit = TimeSpan.FromSeconds(20) };

    [Theory]
    [InlineData("CrashBefore")]
    [InlineData("CrashAfter")]
    public async Task Crash_AtEveryRequest_LosesNothingAcknowledged(string fault)
    {
        var kind = Enum.Parse<Fault>(fault);
        var calls = await CountAsync();
        await Parallel.ForEachAsync(Enumerable.Range(1, calls), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (number, _) =>
        {
            await using var hub = await CreateAsync();
            var work = new LogWorkload();
            var at = await CrashAsync(hub, work, call => call.Number == number ? kind : Fault.None);
            try
            {
                await SurviveAsync(hub, work);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"After {fault} at {at}", failure);
            }
        });
    }

    [Theory]
    [InlineData("FailBefore")]
    [InlineData("FailAfter")]
    [InlineData("LandLate")]
    public async Task Fault_AtEveryRequest_IsRiddenOut(string fault)
    {
        var kind = Enum.Parse<Fault>(fault);
        var calls = await CountAsync();
        await Parallel.ForEachAsync(Enumerable.Range(1, calls), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (number, token) =>
        {
            await using var hub = await CreateAsync();
            var faults = new StorageFaults(call => call.Number == number ? kind : Fault.None);
            var work = new LogWorkload();
            try
            {
                var log = Log(hub, faults);
                await work.RecoverAsync(log, token);
                await work.RunAsync(log);
                Assert.False(log.OwnershipLost.IsCancellationRequested);
                await log.DisposeAsync();
                await SurviveAsync(hub, work);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"After {fault} at {faults.Calls.ElementAtOrDefault(number - 1)}", failure);
            }
        });
    }

    [Fact]
    public async Task Crash_OverAndOverAtRandomRequests_LosesNothingAcknowledged()
    {
        var seed = Environment.TickCount;
        await Parallel.ForEachAsync(Enumerable.Range(seed, 12), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (number, _) =>
        {
            var random = new Random(number);
            await using var hub = await CreateAsync();
            var work = new LogWorkload();
            try
            {
                for (var round = 0; round < 5; round++)
                {
                    var at = random.Next(1, 60);
                    await CrashAsync(hub, work, call =>
                        call.Number == at ? random.Next(2) == 0 ? Fault.CrashBefore : Fault.CrashAfter
                        : random.Next(10) == 0 ? (Fault)random.Next(1, 4)
                        : Fault.None);
                }

                await SurviveAsync(hub, work);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"Seed {number}", failure);
            }
        });
    }

    /// <summary>How many requests opening, working and closing take when nothing goes wrong.</summary>
    private static async Task<int> CountAsync()
    {
        await using var hub = await CreateAsync();
        var faults = new StorageFaults(_ => Fault.None);
        var work = new LogWorkload();
        var log = Log(hub, faults);
        await work.RecoverAsync(log);
        await work.RunAsync(log);
        await log.DisposeAsync();
        var operations = faults.Calls.Select(call => call.Operation).ToHashSet();
        Assert.All(
            ["append", "create", "acquire", "release", "metadata", "write", "delete", "list", "info"],
            operation => Assert.Contains(operation, operations));
        return faults.Calls.Count;
    }

    /// <summary>Works until the process dies, or is done.</summary>
    private static async Task<string> CrashAsync(HubOnAzurite hub, LogWorkload work, Func<StorageCall, Fault> decide)
    {
        var faults = new StorageFaults(decide);
        var log = Log(hub, faults);
        using var dead = new CancellationTokenSource();
        var running = Task.Run(async () =>
        {
            await work.RecoverAsync(log, dead.Token);
            await work.RunAsync(log);
        });
        await Task.WhenAny(running, faults.Crash).WaitAsync(Patience);
        await dead.CancelAsync();
        await log.DisposeAsync();
        try
        {
            await running.WaitAsync(Patience);
        }
        catch (Exception end) when (faults.Crash.IsCompleted && end is not Xunit.Sdk.XunitException)
        {
            // Whatever a dying process throws, nobody sees it.
        }

        return faults.Crash.IsCompleted ? (await faults.Crash).ToString() : string.Create(CultureInfo.InvariantCulture, $"no request");
    }

    /// <summary>A successor finds a legal state and can work; so can the next.</summary>
    private static async Task SurviveAsync(HubOnAzurite hub, LogWorkload work)
    {
        var log = hub.NewLog(Quick);
        await work.RecoverAsync(log);
        for (var i = 0; i < 3; i++) await work.AppendAsync(log);
        await work.CheckpointAsync(log);
        await log.DisposeAsync();
        await work.RecoverAsync(hub.NewLog(Quick));
    }

    private static CommitLog Log(HubOnAzurite hub, StorageFaults faults) =>
        hub.NewLog(Quick, new FaultySegments(hub.Segments, faults), new FaultyBlobs(hub.Blobs, faults));
}
