using AgentSquad.EmbeddedHost.TaskHub;
using AgentSquad.EmbeddedHost.TaskHub.Storage;
using static AgentSquad.EmbeddedHost.Tests.TaskHub.LogHub;

namespace AgentSquad.EmbeddedHost.Tests.TaskHub;

/// <summary>
/// The same work is done over and over; every time another of its storage requests fails, or kills the process. Requests are counted, so
/// whatever the log comes to do, no commit point can be forgotten here. Every request on a model of the storage, some of them on Azurite.
/// </summary>
public sealed class CommitLogCrashTests
{
    private static readonly CommitLogOptions Quick = Options with { OutageLimit = TimeSpan.FromSeconds(20) };

    // Azurite, like the service, gives no lease of less than 15 s.
    private static readonly CommitLogOptions Quickest = Quick with
    {
        StandbyPoll = TimeSpan.FromMilliseconds(5), LeaseDuration = TimeSpan.FromSeconds(1), RenewEvery = TimeSpan.FromMilliseconds(300),
    };

    [Theory]
    [InlineData("CrashBefore")]
    [InlineData("CrashAfter")]
    [InlineData("CrashLate")]
    public async Task Crash_AtEveryRequest_LosesNothingAcknowledged(string fault)
    {
        var kind = Enum.Parse<Fault>(fault);
        var calls = await CountAsync();
        await Parallel.ForEachAsync(Enumerable.Range(1, calls), AFewAtOnce, async (number, _) => await CrashOnceAsync(InMemory(), Quickest, kind, number));
    }

    [Theory]
    [InlineData("FailBefore")]
    [InlineData("FailAfter")]
    [InlineData("LandLate")]
    public async Task Fault_AtEveryRequest_IsRiddenOut(string fault)
    {
        var kind = Enum.Parse<Fault>(fault);
        var calls = await CountAsync();
        await Parallel.ForEachAsync(Enumerable.Range(1, calls), AFewAtOnce, async (number, _) => await FailOnceAsync(InMemory(), Quickest, kind, number));
    }

    [Fact]
    public async Task Faults_AtSomeRequestsOnAzurite_LoseNothingAcknowledged()
    {
        var calls = await CountAsync();
        Fault[] kinds = [Fault.CrashBefore, Fault.CrashAfter, Fault.FailBefore, Fault.FailAfter, Fault.LandLate];
        // Nearly all at once: a successor of one that died with a lease, and before it said whose it is, waits for its end.
        var many = new ParallelOptions { MaxDegreeOfParallelism = 10 };
        await Parallel.ForEachAsync(Enumerable.Range(0, 4 * kinds.Length), many, async (i, _) =>
        {
            var number = Random.Shared.Next(1, calls + 1);
            var kind = kinds[i % kinds.Length];
            if (kind is Fault.CrashBefore or Fault.CrashAfter) await CrashOnceAsync(await CreateAsync(), Quick, kind, number);
            else await FailOnceAsync(await CreateAsync(), Quick, kind, number);
        });
    }

    [Fact]
    public async Task Crash_OverAndOverAtRandomRequests_LosesNothingAcknowledged()
    {
        var seed = Environment.TickCount;
        await Parallel.ForEachAsync(Enumerable.Range(seed, 30), AFewAtOnce, async (number, _) =>
        {
            var random = new Random(number);
            await using var hub = InMemory();
            var work = new LogWorkload();
            try
            {
                for (var round = 0; round < 5; round++)
                {
                    var at = random.Next(1, 60);
                    await CrashAsync(hub, Quickest, work, call =>
                        call.Number == at ? random.Next(2) == 0 ? Fault.CrashBefore : Fault.CrashAfter
                        : random.Next(10) == 0 ? (Fault)random.Next(1, 4)
                        : Fault.None);
                }

                await SurviveAsync(hub, Quickest, work);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"Seed {number}", failure);
            }
        });
    }

    private static ParallelOptions AFewAtOnce => new() { MaxDegreeOfParallelism = 4 };

    private static async Task CrashOnceAsync(LogHub created, CommitLogOptions options, Fault kind, int number)
    {
        await using var hub = created;
        var work = new LogWorkload();
        var (at, late) = await CrashAsync(hub, options, work, call => call.Number == number ? kind : Fault.None);
        try
        {
            await SurviveAsync(hub, options, work, late, 1 + (number % 7));
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException($"After {kind} at {at}", failure);
        }
    }

    private static async Task FailOnceAsync(LogHub created, CommitLogOptions options, Fault kind, int number)
    {
        await using var hub = created;
        var faults = new StorageFaults(call => call.Number == number ? kind : Fault.None);
        var work = new LogWorkload();
        try
        {
            var log = Log(hub, options, faults);
            await work.RecoverAsync(log);
            await work.RunAsync(log);
            Assert.False(log.OwnershipLost.IsCancellationRequested);
            await log.DisposeAsync();
            await SurviveAsync(hub, options, work);
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException($"After {kind} at {faults.Calls.ElementAtOrDefault(number - 1)}", failure);
        }
    }

    /// <summary>How many requests opening, working and closing take when nothing goes wrong.</summary>
    private static async Task<int> CountAsync()
    {
        await using var hub = InMemory();
        var faults = new StorageFaults(_ => Fault.None);
        var work = new LogWorkload();
        var log = Log(hub, Quickest, faults);
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
    private static async Task<(string At, Action? Late)> CrashAsync(LogHub hub, CommitLogOptions options, LogWorkload work, Func<StorageCall, Fault> decide)
    {
        var faults = new StorageFaults(decide);
        var log = Log(hub, options, faults);
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

        return (faults.Crash.IsCompleted ? (await faults.Crash).ToString() : "no request", faults.Late);
    }

    /// <summary>
    /// A successor finds a legal state and can work; so can the next. What the dead one still had under way arrives with one of its requests.
    /// </summary>
    private static async Task SurviveAsync(LogHub hub, CommitLogOptions options, LogWorkload work, Action? late = null, int arrivesWith = 0)
    {
        var log = Log(hub, options, new StorageFaults(call =>
        {
            if (call.Number == arrivesWith) Arrive(late);
            return Fault.None;
        }));
        await work.RecoverAsync(log);
        for (var i = 0; i < 3; i++) await work.AppendAsync(log);
        await work.CheckpointAsync(log);
        await log.DisposeAsync();
        await work.RecoverAsync(hub.NewLog(options));
    }

    private static void Arrive(Action? late)
    {
        try
        {
            late?.Invoke();
        }
        catch (HubStorageException)
        {
            // Refused, as it may well be.
        }
    }

    private static CommitLog Log(LogHub hub, CommitLogOptions options, StorageFaults faults) =>
        hub.NewLog(options, new FaultySegments(hub.Segments, faults), new FaultyBlobs(hub.Blobs, faults));
}
