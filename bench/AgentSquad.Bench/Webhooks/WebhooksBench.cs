using System.Diagnostics;
using System.Reflection;
using AgentSquad.Bench.Chaos;
using AgentSquad.Bench.World;
using AgentSquad.Cli;
using AgentSquad.Cli.LocalSystem;
using AgentSquad.TestSupport;
using Azure.Storage.Queues;

namespace AgentSquad.Bench.Webhooks;

/// <summary>Measures the webhook endpoint, and beside it the least that could do the same.</summary>
internal static class WebhooksBench
{
    private const int Connections = 32;
    private const int IdsPerSender = 10_000_000;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan OpenPatience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    // Where the build has put it with all that it needs; what runs it may have only a part.
    private static string Self => typeof(WebhooksBench).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "Bench").Value!;

    /// <summary>Runs it in a world of its own. Whether no accepted event was lost.</summary>
    public static async Task<bool> RunAsync(WebhooksSettings settings, bool json, CancellationToken cancellation)
    {
        await using var world = await LocalWorld.StartAsync(settings.Seed, webhooks: true, direct: true);
        var result = await RunAsync(world, settings, cancellation);
        if (result.Lost > 0) Report.Keep(world, settings.Seed);
        Report.Print(result, json);
        return result.Lost == 0;
    }

    /// <summary>Runs it in a world that is there.</summary>
    public static async Task<WebhooksResult> RunAsync(LocalWorld world, WebhooksSettings settings, CancellationToken cancellation)
    {
        using var handler = new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = 2000 };
        using var http = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(30) };
        var senders = new List<Sender>();
        var (bareP99, bareSaturated) = await BareAsync(world, http, settings, cancellation);
        var events = new SiteEvents(world.SiteUrl, await OpenRunsAsync(world, settings.OpenRuns, cancellation));

        Report.Say($"the app, {settings.Rate} per second for {settings.Seconds} s{(settings.Outage > 0 ? $", storage away for {settings.Outage} s in the middle" : "")}");
        await WarmAsync(NewSender(), settings, cancellation);
        await Queues.DrainAsync(world, Patience, cancellation);
        var sender = NewSender();
        var (app, storage) = (CpuOf(world.App.Id), CpuOf(world.Azurite.ProcessId));
        var problems = ProblemsIn(world.AppLog);
        var caughtUp = await LoadAsync(world, sender, settings, cancellation);
        var watch = Stopwatch.StartNew();
        Report.Say("until every accepted event is processed");
        await Queues.DrainAsync(world, Patience, cancellation);
        caughtUp ??= watch.Elapsed;
        (app, storage) = (CpuOf(world.App.Id) - app, CpuOf(world.Azurite.ProcessId) - storage);
        problems = ProblemsIn(world.AppLog) - problems;
        var saturated = 0.0;
        if (settings.Outage == 0)
        {
            Report.Say("the app, as fast as it goes");
            saturated = await NewSender().SaturateAsync(Connections, TimeSpan.FromSeconds(settings.Saturation), cancellation);
            Report.Say("until every accepted event is processed");
            await Queues.DrainAsync(world, Patience, cancellation);
        }

        return new WebhooksResult
        {
            AcceptedPerSecond = Math.Round(sender.Accepted.Count / (double)settings.Seconds, 1),
            P50Ms = sender.Percentile(0.5),
            P95Ms = sender.Percentile(0.95),
            P99Ms = sender.Percentile(0.99),
            BareP99Ms = bareP99,
            SaturatedPerSecond = Math.Round(saturated, 1),
            BareSaturatedPerSecond = Math.Round(bareSaturated, 1),
            ShareOfBareThroughput = Math.Round(saturated / bareSaturated, 2),
            Lost = await ProcessedEvents.MissingAsync(world, [.. senders.SelectMany(each => each.Accepted)], cancellation) + await Queues.PoisonedAsync(world),
            Refused = sender.Refused,
            Failed = sender.Failed,
            GivenUp = sender.GivenUp,
            OutageSeconds = settings.Outage,
            CatchUpSeconds = Math.Round(caughtUp.Value.TotalSeconds, 1),
            OutageLogLines = settings.Outage == 0 ? 0 : problems,
            AppCpuMsPerEvent = PerEvent(app),
            StorageCpuMsPerEvent = PerEvent(storage),
            WarmUpSeconds = settings.WarmedUp,
            Rate = settings.Rate,
            Seconds = settings.Seconds,
            Seed = settings.Seed,
        };

        double PerEvent(TimeSpan cpu) => Math.Round(cpu.TotalMilliseconds / Math.Max(1, sender.Accepted.Count), 2);

        Sender NewSender()
        {
            var first = (settings.Seed % 50 * 1_000_000) + ((senders.Count + 1) * IdsPerSender);
            var next = new Sender(http, world.AppUrl, events, world.WebhookSecret, first) { Retrying = settings.Outage > 0 };
            senders.Add(next);
            return next;
        }
    }

    // Tickets whose runs wait for an answer, so that some events of the load matter to someone.
    private static async Task<IReadOnlyList<string>> OpenRunsAsync(LocalWorld world, int count, CancellationToken cancellation)
    {
        if (count == 0) return [];
        Report.Say($"{count} tickets with an open run");
        var (reporter, keys) = (new Reporter(world), new HashSet<string>(StringComparer.Ordinal));
        while (keys.Count < count) keys.Add(await reporter.CreateAsync(Scenario.Unclear.Ticket));
        for (var until = DateTimeOffset.UtcNow + OpenPatience; ; await Task.Delay(Pause, cancellation))
        {
            var waiting = (await world.Runs.ListAsync(cancellation)).Where(run => keys.Contains(run.Ticket) && run.Stage == "Clarify").ToList();
            if (waiting.Count == count) return [.. waiting.Select(run => run.IssueId)];
            if (DateTimeOffset.UtcNow > until) throw new TimeoutException($"Only {waiting.Count} of {count} runs wait for an answer after {OpenPatience}.");
        }
    }

    private static async Task<(double P99, double Saturated)> BareAsync(LocalWorld world, HttpClient http, WebhooksSettings settings, CancellationToken cancellation)
    {
        Report.Say("the bare endpoint");
        var environment = ChildEnvironment.Minimal();
        environment[BareEndpoint.Storage] = world.Azurite.ConnectionString;
        environment[BareEndpoint.Secret] = world.WebhookSecret;
        var log = Path.Combine(world.Logs, "bare.log");
        await using var bare = await ManagedProcess.StartAsync(BuildInfo.Dotnet, Self, ["bare"], environment, world.Logs, log);
        var url = bare.Url;
        var queue = new QueueClient(world.Azurite.ConnectionString, BareEndpoint.Queue);
        await WarmAsync(NewSender(), settings, cancellation);
        await queue.ClearMessagesAsync(cancellation);
        var steady = NewSender();
        await steady.AtRateAsync(settings.Rate, TimeSpan.FromSeconds(Math.Min(settings.Seconds, 20)), cancellation);
        var saturated = await NewSender().SaturateAsync(Connections, TimeSpan.FromSeconds(settings.Saturation), cancellation);

        // A full queue makes all of Azurite slow; the app has to find it as the bare endpoint did.
        await queue.DeleteAsync(cancellation);
        return (steady.Percentile(0.99), saturated);

        Sender NewSender() => new(http, url, new SiteEvents(world.SiteUrl, []), world.WebhookSecret, IdsPerSender / 10);
    }

    private static Task WarmAsync(Sender sender, WebhooksSettings settings, CancellationToken cancellation) =>
        sender.AtRateAsync(settings.Rate, TimeSpan.FromSeconds(settings.WarmedUp), cancellation);

    // How long it took to catch up after the outage; null when there was none.
    private static async Task<TimeSpan?> LoadAsync(LocalWorld world, Sender sender, WebhooksSettings settings, CancellationToken cancellation)
    {
        var load = sender.AtRateAsync(settings.Rate, TimeSpan.FromSeconds(settings.Seconds), cancellation);
        if (settings.Outage == 0)
        {
            await load;
            return null;
        }

        await Task.Delay(TimeSpan.FromSeconds(Math.Max(1, (settings.Seconds - settings.Outage) / 2.0)), cancellation);
        Report.Say("storage stands still");
        await StorageOutage.RunAsync(world, TimeSpan.FromSeconds(settings.Outage), cancellation);
        Report.Say("storage is back");
        var watch = Stopwatch.StartNew();

        // The load goes on: what has piled up is gone when no more waits than a moment's events.
        while (await Queues.CountAsync(world, "jira-events") > Math.Max(5, settings.Rate / 5)) await Task.Delay(Pause, cancellation);
        var caughtUp = watch.Elapsed;
        await load;
        return caughtUp;
    }

    private static TimeSpan CpuOf(int processId)
    {
        using var process = Process.GetProcessById(processId);
        return process.TotalProcessorTime;
    }

    private static int ProblemsIn(string log)
    {
        using var reader = new StreamReader(new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var count = 0;
        while (reader.ReadLine() is { } line)
        {
            if (!line.Contains(" info: ", StringComparison.Ordinal)) count++;
        }

        return count;
    }
}
