using System.CommandLine;
using System.Diagnostics;
using AgentSquad.Bench.Chaos;
using AgentSquad.Bench.Webhooks;
using AgentSquad.Bench.World;

namespace AgentSquad.Bench.Soak;

/// <summary>Steady load for a long time: what grows, and how fast.</summary>
internal sealed class SoakBench(LocalWorld world, TimeSpan length, int ticketsPerMinute, int seed)
{
    private const int ProbesPerSample = 20;
    private const int FirstProbe = 500_000_000;
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly List<(TimeSpan At, SoakSample Sample)> _samples = [];

    /// <summary>Creates the command <c>soak</c>.</summary>
    public static Command Create()
    {
        var minutes = Proofs.Number("--minutes", "How long.", 60);
        var rate = Proofs.Number("--tickets-per-minute", "Tickets written per minute.", 30);
        var seed = Proofs.Seed();
        var json = Proofs.Json();
        var command = new Command("soak", "Steady load for a long time: memory, handles, threads, log and latency at start and end, and their slopes.") { minutes, rate, seed, json };
        command.SetAction((parsed, cancellation) => Proofs.RunAsync(
            async () =>
            {
                await using var world = await LocalWorld.StartAsync(parsed.GetValue(seed), webhooks: true, direct: true, ChaosBench.Settings);
                var result = await new SoakBench(world, TimeSpan.FromMinutes(parsed.GetValue(minutes)), parsed.GetValue(rate), parsed.GetValue(seed)).RunAsync(cancellation);
                Report.Print(result, parsed.GetValue(json));
                return result.Finished == result.Tickets;
            },
            cancellation));
        return command;
    }

    private async Task<SoakResult> RunAsync(CancellationToken cancellation)
    {
        var driver = new TicketDriver(world);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var isWritten = false;
        var following = driver.FollowAsync(() => Volatile.Read(ref isWritten), limit.Token);
        var sampling = SampleAsync(cancellation);
        var (watch, random) = (Stopwatch.StartNew(), new Random(seed));
        for (var written = 0; watch.Elapsed < length; written++)
        {
            await driver.WriteAsync(Scenario.All[random.Next(Scenario.All.Count)]);
            var due = TimeSpan.FromMinutes((written + 1.0) / ticketsPerMinute);
            if (due > watch.Elapsed) await Task.Delay(due - watch.Elapsed, cancellation);
        }

        await sampling;
        Volatile.Write(ref isWritten, true);
        limit.CancelAfter(Patience);
        try
        {
            await following;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            Report.Say("out of patience");
        }

        var warm = _samples.Where(sample => sample.At >= length / 5).ToList();
        return new SoakResult
        {
            Minutes = length.TotalMinutes,
            Tickets = driver.Tickets.Count,
            Finished = driver.Ended.Count,
            Start = warm[0].Sample,
            End = warm[^1].Sample,
            SlopesPerHour = new SoakSample(
                Slope(warm, sample => sample.MemoryBytes), Slope(warm, sample => sample.Handles), Slope(warm, sample => sample.Threads),
                Slope(warm, sample => sample.LogBytes), Slope(warm, sample => sample.LatencyMs)),
            Seed = seed,
        };
    }

    private async Task SampleAsync(CancellationToken cancellation)
    {
        var every = length / 60 is var share && share < Shortest ? Shortest : share > Longest ? Longest : share;
        var watch = Stopwatch.StartNew();
        for (var turn = 1; watch.Elapsed < length; turn++)
        {
            var probe = new Sender(world.Http, world.AppUrl, new SiteEvents(world.SiteUrl, []), world.WebhookSecret, FirstProbe + (turn * ProbesPerSample));
            await probe.AtRateAsync(ProbesPerSample, TimeSpan.FromSeconds(1), cancellation);
            var now = new SoakSample(world.App.WorkingSet, world.App.Handles, world.App.Threads, new FileInfo(world.AppLog).Length, probe.Percentile(0.5));
            _samples.Add((watch.Elapsed, now));
            if (turn % 10 == 1) Report.Say($"{watch.Elapsed.TotalMinutes:0.0} min: {now}");
            if (every * turn > watch.Elapsed) await Task.Delay((every * turn) - watch.Elapsed, cancellation);
        }
    }

    private static double Slope(IReadOnlyList<(TimeSpan At, SoakSample Sample)> samples, Func<SoakSample, double> value)
    {
        var (x, y) = (samples.Average(sample => sample.At.TotalHours), samples.Average(sample => value(sample.Sample)));
        var spread = samples.Sum(sample => Math.Pow(sample.At.TotalHours - x, 2));
        return spread == 0 ? 0 : Math.Round(samples.Sum(sample => (sample.At.TotalHours - x) * (value(sample.Sample) - y)) / spread, 1);
    }
}
