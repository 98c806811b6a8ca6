using System.Diagnostics;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using AgentSquad.Bench.World;
using AgentSquad.Cli;
using AgentSquad.Cli.LocalSystem;
using AgentSquad.TestSupport;
using Azure;
using Azure.Data.Tables;
using Azure.Storage.Queues;

namespace AgentSquad.Bench.Webhooks;

/// <summary>Measures the webhook endpoint, and beside it the least that could do the same.</summary>
internal static class WebhooksBench
{
    private const int Connections = 32;
    private const int IdsPerSender = 10_000_000;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    // Where the build has put it with all that it needs; what runs it may have only a part.
    private static string Self => typeof(WebhooksBench).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "Bench").Value!;

    /// <summary>Runs it in a world of its own. Whether no accepted event was lost.</summary>
    public static async Task<bool> RunAsync(WebhooksSettings settings, bool json, CancellationToken cancellation)
    {
        await using var world = await LocalWorld.StartAsync(settings.Seed, webhooks: false, direct: true);
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

        Report.Say($"the app, {settings.Rate} per second for {settings.Seconds} s{(settings.Outage > 0 ? $", storage away for {settings.Outage} s in the middle" : "")}");
        await WarmAsync(NewSender(), settings, cancellation);
        var sender = NewSender();
        var logLines = await LoadAsync(world, sender, settings, cancellation);
        var (watch, saturated) = (Stopwatch.StartNew(), 0.0);
        if (settings.Outage == 0)
        {
            Report.Say("the app, as fast as it goes");
            saturated = await NewSender().SaturateAsync(Connections, TimeSpan.FromSeconds(settings.Saturation), cancellation);
            watch.Restart();
        }

        Report.Say("until every accepted event is processed");
        await Queues.DrainAsync(world, Patience, cancellation);
        var lost = await UnprocessedAsync(world, senders.SelectMany(each => each.Accepted), cancellation);
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
            Lost = lost,
            Refused = sender.Refused,
            Failed = sender.Failed,
            OutageSeconds = settings.Outage,
            CatchUpSeconds = Math.Round(watch.Elapsed.TotalSeconds, 1),
            OutageLogLines = logLines,
            Rate = settings.Rate,
            Seconds = settings.Seconds,
            Seed = settings.Seed,
        };

        Sender NewSender()
        {
            var next = new Sender(http, world.AppUrl, world.SiteUrl, world.WebhookSecret, (settings.Seed % 50 * 1_000_000) + ((senders.Count + 1) * IdsPerSender));
            senders.Add(next);
            return next;
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
        await WarmAsync(NewSender(), settings, cancellation);
        var steady = NewSender();
        await steady.AtRateAsync(settings.Rate, TimeSpan.FromSeconds(Math.Min(settings.Seconds, 20)), cancellation);
        var saturated = await NewSender().SaturateAsync(Connections, TimeSpan.FromSeconds(settings.Saturation), cancellation);

        // A full queue makes all of Azurite slow; the app has to find it as the bare endpoint did.
        await new QueueClient(world.Azurite.ConnectionString, BareEndpoint.Queue).DeleteAsync(cancellation);
        return (steady.Percentile(0.99), saturated);

        Sender NewSender() => new(http, url, world.SiteUrl, world.WebhookSecret, IdsPerSender / 10);
    }

    private static Task WarmAsync(Sender sender, WebhooksSettings settings, CancellationToken cancellation) =>
        sender.AtRateAsync(Math.Min(settings.Rate, 50), TimeSpan.FromSeconds(Math.Min(settings.Seconds, 4)), cancellation);

    private static async Task<int> LoadAsync(LocalWorld world, Sender sender, WebhooksSettings settings, CancellationToken cancellation)
    {
        var load = sender.AtRateAsync(settings.Rate, TimeSpan.FromSeconds(settings.Seconds), cancellation);
        if (settings.Outage == 0)
        {
            await load;
            return 0;
        }

        await Task.Delay(TimeSpan.FromSeconds(Math.Max(1, (settings.Seconds - settings.Outage) / 2.0)), cancellation);
        var before = ProblemsIn(world.AppLog);
        await SignalAsync(world, "STOP");
        Report.Say("storage stands still");
        await Task.Delay(TimeSpan.FromSeconds(settings.Outage), cancellation);
        await SignalAsync(world, "CONT");
        Report.Say("storage is back");
        await load;
        return ProblemsIn(world.AppLog) - before;
    }

    // Processing an event notes its delivery identifier; nothing else does. What was given up on has noted it, too.
    private static async Task<int> UnprocessedAsync(LocalWorld world, IEnumerable<string> accepted, CancellationToken cancellation)
    {
        var processed = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            var rows = new TableClient(world.Azurite.ConnectionString, "SquadDeliveries").QueryAsync<TableEntity>(select: ["RowKey"], maxPerPage: 1000, cancellationToken: cancellation);
            await foreach (var row in rows) processed.Add(row.RowKey);
        }
        catch (RequestFailedException e) when (e.ErrorCode == "TableNotFound")
        {
            // Nothing has been processed.
        }

        var missing = accepted.Count(identifier => !processed.Contains(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identifier)))[..32]));
        return missing + await Queues.PoisonedAsync(world);
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

    private static async Task SignalAsync(LocalWorld world, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{world.Azurite.ProcessId}"]);
        await kill.WaitForExitAsync();
    }
}
