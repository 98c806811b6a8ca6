using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using AgentSquad.EmbeddedHost.Tests.TaskHub;
using Microsoft.DurableTask.Client;
using Xunit.Abstractions;

namespace AgentSquad.EmbeddedHost.Tests.Orchestration.Crashes;

/// <summary>
/// The same work of an engine is done over and over; every time something befalls another of its storage requests. Requests are counted by
/// their kind, so whatever the engine comes to store, no commit point can be forgotten: append, roll-over, checkpoint, truncation, archive,
/// payloads, table. What has left memory is replayed by the work itself.
/// </summary>
public sealed class EngineCrashTests(ITestOutputHelper output)
{
    /// <summary>Kinds of requests that the work makes, as operation and kind of blob.</summary>
    private static readonly string[] CommitPoints =
    [
        "append log", "create log", "acquire log", "release log", "write checkpoint", "delete log", "delete checkpoint", "write payloads",
        "delete payloads", "write archive", "delete archive", "get archive", "publish", "remove", "flush",
    ];

    [Theory]
    [InlineData("CrashBefore", 1)]
    [InlineData("CrashAfter", 1)]
    [InlineData("CrashLate", 2)]
    [InlineData("TakeOver", 2)]
    [InlineData("FailBefore", 4)]
    [InlineData("FailAfter", 4)]
    public async Task Engine_SomethingBefallsEachRequest_LosesNothingAcknowledgedAndDoesNothingTwice(string fault, int stride)
    {
        var kind = Enum.Parse<Fault>(fault);
        var calls = await RunAsync("none", 0, Fault.None);
        var first = Random.Shared.Next(stride);
        var cases = calls.CountBy(ClassOf).Where(point => Befalls(kind, point.Key))
            .SelectMany(point => Enumerable.Range(1, point.Value).Select(number => (point.Key, Number: number)))
            .Where((_, i) => i % stride == first).ToList();
        var hit = new ConcurrentBag<string>();
        await System.Threading.Tasks.Parallel.ForEachAsync(cases, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (one, _) =>
        {
            if ((await RunAsync(one.Key, one.Number, kind)).CountBy(ClassOf).Any(point => point.Key == one.Key && point.Value >= one.Number)) hit.Add(one.Key);
        });

        foreach (var point in hit.CountBy(point => point).OrderBy(point => point.Key, StringComparer.Ordinal))
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{fault} {point.Key}: {point.Value}"));
        if (stride == 1) Assert.All(CommitPoints, point => Assert.Contains(point, hit));
    }

    [Theory]
    [InlineData("CrashBefore")]
    [InlineData("CrashAfter")]
    public async Task Engine_DiesBetweenThePartsOfALargeRecord_TheRecordCountsAsAWhole(string fault)
    {
        // Eight inputs in one turn: the record takes three appends of a megabyte at most.
        const int Calls = 8;
        var functions = new TestFunctions()
            .Orchestrator("Fan", async context =>
                (await Task.WhenAll(Enumerable.Range(0, Calls).Select(_ => context.CallActivityAsync<int>("Length", new string('x', 300_000))))).Sum())
            .Activity("Length", input => JsonSerializer.Deserialize<string>(input!)!.Length);
        var options = FaultyHub.Eager with { LargePayloadBytes = 1024 * 1024, CheckpointBytes = 100_000_000, TidyAfter = TimeSpan.FromHours(1) };
        for (var number = 1; number <= 6; number++)
        {
            await using var hub = new FaultyHub(functions, options);
            var appends = 0;
            var process = hub.NewProcess(call =>
                ClassOf(call) == "append log" && Interlocked.Increment(ref appends) == number ? Enum.Parse<Fault>(fault) : Fault.None);
            if (await process.StartAsync())
            {
                var running = RunAsync(process.Client);
                if (await Task.WhenAny(running, process.Faults.Crash) == running) await running;
            }

            process.End();
            var next = hub.NewProcess(_ => Fault.None);
            Assert.True(await next.StartAsync());
            Assert.Equal(Calls * 300_000, await RunAsync(next.Client).WaitAsync(EngineHarness.Limit));
        }

        static async Task<int> RunAsync(DurableTaskClient client)
        {
            if (await client.GetInstanceAsync("fan") is null)
                await client.ScheduleNewOrchestrationInstanceAsync("Fan", new Microsoft.DurableTask.StartOrchestrationOptions("fan"));
            return (await client.WaitForInstanceCompletionAsync("fan", getInputsAndOutputs: true)).ReadOutputAs<int>();
        }
    }

    private static string ClassOf(StorageCall call) => call.Operation is "publish" or "remove" or "flush"
        ? call.Operation
        : $"{call.Operation} {call.Blob.Split('/')[0]}";

    // The table is written by a client that tries again by itself; its own tests are elsewhere.
    private static bool Befalls(Fault fault, string point) =>
        point is not ("publish" or "remove" or "flush") || fault is Fault.CrashBefore or Fault.CrashAfter or Fault.TakeOver;

    /// <summary>
    /// Does the work on a hub of its own, with one fault: at the request of that kind and number. Returns the requests of the process that it befell.
    /// </summary>
    private static async Task<IReadOnlyList<StorageCall>> RunAsync(string point, int number, Fault fault)
    {
        await using var hub = new FaultyHub(EngineWorkload.Functions());
        var isDone = false;
        var left = number;
        var first = hub.NewProcess(call => ClassOf(call) == point && !Volatile.Read(ref isDone) && --left == 0 ? fault : Fault.None);
        var current = first;
        var work = new EngineWorkload(() => Volatile.Read(ref current).Engine);
        try
        {
            var running = await first.StartAsync() ? work.RunAsync() : null;
            if (running is null || await Task.WhenAny(running, first.Faults.Crash, first.Faults.Usurped) != running)
            {
                // What the dead one still had under way arrives while the next one takes over.
                var late = 1 + (number % 9);
                var second = hub.NewProcess(call =>
                {
                    if (call.Number == late) Arrive(first.Faults.Late);
                    return Fault.None;
                });
                if (fault != Fault.TakeOver) first.End();
                Assert.True(await second.StartAsync());
                await work.JudgeSeenAsync(second.Engine);
                Volatile.Write(ref current, second);
                running ??= work.RunAsync();
            }

            await running.WaitAsync(EngineHarness.Limit);
            var calls = first.Faults.Calls;
            Volatile.Write(ref isDone, true);
            try
            {
                await JudgeAsync(current);
            }
            catch (Exception) when (current == first && (first.Faults.Crash.IsCompleted || first.Faults.Usurped.IsCompleted))
            {
                // It befell the first one when the work was just done: its successor is judged.
                if (fault != Fault.TakeOver) first.End();
                Volatile.Write(ref current, hub.NewProcess(_ => Fault.None));
                Assert.True(await current.StartAsync());
                await JudgeAsync(current);
            }

            await current.Engine.StopAsync(CancellationToken.None);
            var last = hub.NewProcess(_ => Fault.None);
            Assert.True(await last.StartAsync());
            await work.JudgeAsync(last.Engine);
            return calls;
        }
        catch (Exception failure) when (number > 0)
        {
            throw new InvalidOperationException(
                $"{fault} at {point} number {number}\nthe first engine is {await EngineWorkload.DescribeAsync(first.Engine)}\n" +
                $"the newest is {await EngineWorkload.DescribeAsync(current.Engine)}", failure);
        }

        async Task JudgeAsync(EngineProcess process)
        {
            await work.JudgeAsync(process.Engine);
            await hub.JudgeTableAsync(process);
        }
    }

    private static void Arrive(Action? late)
    {
        try
        {
            late?.Invoke();
        }
        catch (EmbeddedHost.TaskHub.Storage.HubStorageException)
        {
            // Refused, as it may well be.
        }
    }
}
