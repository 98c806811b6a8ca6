using System.CommandLine;
using System.Diagnostics;
using AgentSquad.Bench.Chaos;
using AgentSquad.Bench.World;

namespace AgentSquad.Bench.Waiting;

/// <summary>Tickets that wait for their reporter, as a whole app has them: what one costs, how soon a new process has them, how soon they go on.</summary>
internal sealed class WaitingBench(LocalWorld world, int tickets, int resume)
{
    private const int InStep = 500;

    // The status comment and the questions.
    private const int CommentsOfOneThatWaits = 2;

    private const string WaitingStage = "Clarify";
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // What a start does behind the first answers: the table of instances is told again what it may have missed, and memory is given back.
    private static readonly TimeSpan Settle = TimeSpan.FromMinutes(2.5);
    private static readonly TimeSpan Stalled = TimeSpan.FromMinutes(10);

    /// <summary>Creates the command <c>waiting</c>.</summary>
    public static Command Create()
    {
        var tickets = Proofs.Number("--tickets", "Tickets that wait for their reporter.", 10_000);
        var resume = Proofs.Number("--resume", "How many of them are answered.", 100);
        var json = Proofs.Json();
        var command = new Command("waiting", "Lets tickets wait for an answer: memory of each, restart with all, time to go on with some.") { tickets, resume, json };
        command.SetAction((parsed, cancellation) => Proofs.RunAsync(
            async () =>
            {
                await using var world = await LocalWorld.StartAsync(seed: 1, webhooks: true, direct: true);
                var count = parsed.GetValue(tickets);
                var result = await new WaitingBench(world, count, Math.Min(count, parsed.GetValue(resume))).RunAsync(cancellation);
                if (result.Lost > 0) Report.Keep(world, seed: 1);
                Report.Print(result, parsed.GetValue(json));
                return result.Lost == 0;
            },
            cancellation));
        return command;
    }

    private async Task<WaitingResult> RunAsync(CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var (_, empty) = await RestartAsync(cancellation);
        Report.Say($"{tickets} tickets that are unclear");
        var keys = await WriteAsync(cancellation);
        var waiting = await UntilAsync(async () => (await world.Runs.ListAsync(cancellation)).Count(run => run.Stage == WaitingStage), cancellation);
        Report.Say($"{waiting} wait after {watch.Elapsed.TotalSeconds:0} s; restart");
        var (seconds, full) = await RestartAsync(cancellation);

        Report.Say($"answers to {resume} of them");
        var resumed = Stopwatch.StartNew();
        var reporter = new Reporter(world);
        var answered = keys.Take(resume).ToHashSet();
        foreach (var key in answered) await reporter.CommentAsync(key, Scenario.Unclear.Answers[0]);
        var ended = await UntilAsync(async () => (await world.Runs.ListAsync(cancellation)).Count(run => answered.Contains(run.Ticket) && run.HasEnded), cancellation, resume);
        return new WaitingResult
        {
            Tickets = tickets,
            BytesPerTicket = (full - empty) / tickets,
            EmptyBytes = empty,
            WaitingBytes = full,
            RestartSeconds = Math.Round(seconds, 2),
            Resumed = resume,
            ResumeSeconds = Math.Round(resumed.Elapsed.TotalSeconds, 2),
            Lost = tickets - waiting + resume - ended,
            Seconds = Math.Round(watch.Elapsed.TotalSeconds, 1),
        };
    }

    private async Task<IReadOnlyList<string>> WriteAsync(CancellationToken cancellation)
    {
        var (reporter, keys) = (new Reporter(world), new List<string>());
        while (keys.Count < tickets)
        {
            cancellation.ThrowIfCancellationRequested();
            keys.Add(await reporter.CreateAsync(Scenario.Unclear.Ticket));

            // Thousands of runs at once get there at once, too, in the end, and until then nobody could tell whether any ever will.
            if (keys.Count % InStep == 0 && keys.Count >= 2 * InStep) await UntilAskedAsync(reporter, keys[^(2 * InStep)], cancellation);
            if (keys.Count % 1000 == 0) Report.Say($"{keys.Count} written");
        }

        return keys;
    }

    private static async Task UntilAskedAsync(Reporter reporter, string key, CancellationToken cancellation)
    {
        for (var since = Stopwatch.StartNew(); (await reporter.CommentsAsync(key)).Count < CommentsOfOneThatWaits;)
        {
            if (since.Elapsed > Stalled) throw new TimeoutException($"{key} was not asked anything for {Stalled}.");
            await Task.Delay(Pause, cancellation);
        }
    }

    // A new process, so that what the way there left behind is not counted.
    private async Task<(double Seconds, long Bytes)> RestartAsync(CancellationToken cancellation)
    {
        await Queues.DrainAsync(world, Stalled, cancellation);
        await world.KillAppAsync();
        var watch = Stopwatch.StartNew();
        await world.StartAppAsync();
        var seconds = watch.Elapsed.TotalSeconds;
        await Task.Delay(Settle, cancellation);
        return (seconds, world.App.WorkingSet);
    }

    // Until all are there, or nothing has changed for long. A list of all is no small thing to ask for, so not too often.
    private async Task<int> UntilAsync(Func<Task<int>> count, CancellationToken cancellation, int? all = null)
    {
        var (best, since) = (0, Stopwatch.StartNew());
        while (true)
        {
            var now = await count();
            if (now > best) (best, since) = (now, Stopwatch.StartNew());
            if (now >= (all ?? tickets) || since.Elapsed > Stalled) return now;
            await Task.Delay(Math.Max(1, tickets / 2000) * Pause, cancellation);
        }
    }
}
