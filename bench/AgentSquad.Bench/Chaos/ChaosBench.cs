using System.Diagnostics;
using AgentSquad.Bench.World;

namespace AgentSquad.Bench.Chaos;

/// <summary>
/// The whole system with everything going wrong: the app is killed with <c>kill -9</c> at random times, also while it starts; requests to Jira
/// and to storage are refused, hang, are lost, or are carried out and not answered. Each ticket has to end as without all that.
/// </summary>
internal sealed class ChaosBench(LocalWorld world, int tickets, int kills, int seed)
{
    // One storage request in a hundred, one request to Jira in twenty-five.
    private const double StorageShare = 0.01;
    private const double JiraShare = 0.04;
    private const int Starts = 20;
    private static readonly TimeSpan Aftermath = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    private readonly Random _random = new(seed);

    /// <summary>What the app is set to in a run of chaos.</summary>
    public static (string Name, string Value)[] Settings { get; } =
    [
        ("Squad__Approval__Mode", "ByLabel"),
        // Every stage writes, so that there is always something to be cut off at.
        ("Squad__StatusInterval", "00:00:00"),
    ];

    /// <summary>What the tickets are; each comes once before one comes again.</summary>
    public IReadOnlyList<Scenario> Scenarios { get; init; } = Scenario.All;

    /// <summary>Runs it in a world of its own. Whether everything is as it must be.</summary>
    public static async Task<bool> RunAsync(int tickets, int kills, int seed, bool json, CancellationToken cancellation)
    {
        await using var world = await LocalWorld.StartAsync(seed, webhooks: true, Settings);
        try
        {
            var result = await new ChaosBench(world, tickets, kills, seed).RunAsync(cancellation);
            if (!result.IsGood) Report.Keep(world, seed);
            Report.Print(result, json);
            return result.IsGood;
        }
        catch (InvalidOperationException)
        {
            Report.Keep(world, seed);
            throw;
        }
    }

    /// <summary>Runs it.</summary>
    public async Task<ChaosResult> RunAsync(CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var plan = Enumerable.Range(0, tickets).Select(i => Scenarios[i < Scenarios.Count ? i : _random.Next(Scenarios.Count)]).ToArray();
        _random.Shuffle(plan);
        var scenarios = plan.Distinct().ToList();
        Report.Say($"{scenarios.Count} scenarios without faults");
        var reference = await ReferenceAsync(scenarios, cancellation);

        Report.Say($"chaos: {tickets} tickets, {kills} kills, seed {seed}");
        var driver = new TicketDriver(world);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var isWritten = false;
        var following = driver.FollowAsync(() => Volatile.Read(ref isWritten), limit.Token);
        (world.StorageProxy.Share, world.JiraProxy.Share) = (StorageShare, JiraShare);
        await KillAsync(driver, plan, cancellation);
        Volatile.Write(ref isWritten, true);
        Report.Say($"no more kills after {watch.Elapsed.TotalSeconds:0} s; {driver.Ended.Count} of {tickets} have ended");

        await EndAsync(following, limit, cancellation);
        return await JudgeAsync(driver, reference, watch);
    }

    // Faults go on beside the work that is left, but not for ever: what is lost has to be lost for good.
    private async Task EndAsync(Task following, CancellationTokenSource limit, CancellationToken cancellation)
    {
        limit.CancelAfter(Patience);
        try
        {
            await Task.WhenAny(following, SuperviseAsync(Aftermath, limit.Token));
            (world.StorageProxy.Share, world.JiraProxy.Share) = (0, 0);
            await Task.WhenAny(following, SuperviseAsync(Patience, limit.Token));
            await following;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            Report.Say("out of patience");
        }
        finally
        {
            (world.StorageProxy.Share, world.JiraProxy.Share) = (0, 0);

            // Whoever looks after the app must not start it again once it is ended for good.
            await limit.CancelAsync();
        }
    }

    private async Task<IReadOnlyDictionary<string, TicketEnd>> ReferenceAsync(IReadOnlyList<Scenario> scenarios, CancellationToken cancellation)
    {
        var driver = new TicketDriver(world);
        foreach (var scenario in scenarios) await driver.WriteAsync(scenario);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        try
        {
            await driver.FollowAsync(() => true, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            var open = await Task.WhenAll(driver.Tickets.Keys.Except(driver.Ended.Keys).Select(StateAsync));
            throw new InvalidOperationException($"Even without faults these did not end: {string.Join('\n', open)}");
        }

        var ends = new Dictionary<string, TicketEnd>();
        foreach (var (key, run) in driver.Ended)
        {
            var end = await TicketEnd.ReadAsync(new Reporter(world), key, run);
            if (end.Duplicates > 0) throw new InvalidOperationException($"The scenario '{driver.Tickets[key].Name}' duplicates effects even without faults.");
            ends[driver.Tickets[key].Name] = end;
        }

        return ends;
    }

    // Tickets come while it kills, so that there are runs in every state to be cut off.
    private async Task KillAsync(TicketDriver driver, Scenario[] plan, CancellationToken cancellation)
    {
        var written = 0;
        for (var kill = 1; kill <= kills; kill++)
        {
            for (var due = (int)((long)plan.Length * kill / kills); written < due; written++) await driver.WriteAsync(plan[written]);
            // Mostly in the middle of starting on something, now and then after time enough to get somewhere.
            var alive = _random.Next(4) == 0 ? _random.Next(4000, 12_000) : _random.Next(100, 4000);
            await Task.Delay(TimeSpan.FromMilliseconds(alive), cancellation);
            await world.KillAppAsync();
            world.LaunchApp();
            if (_random.Next(5) == 0 && kill < kills)
            {
                // Dies again while it starts.
                await Task.Delay(TimeSpan.FromMilliseconds(_random.Next(200, 2500)), cancellation);
                continue;
            }

            await ReadyAsync(cancellation);
            if (kill % 10 == 0) Report.Say($"{kill} kills, {driver.Ended.Count} of {written} tickets have ended");
        }

        for (; written < plan.Length; written++) await driver.WriteAsync(plan[written]);
        await ReadyAsync(cancellation);
    }

    // An app that gives up, as it does when storage is away for long, is started again, as a service manager would.
    private async Task SuperviseAsync(TimeSpan time, CancellationToken cancellation)
    {
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < time; await Task.Delay(TimeSpan.FromSeconds(1), cancellation))
        {
            if (!world.App.HasExited) continue;
            Report.Say("the app has ended; started again");
            await world.KillAppAsync();
            world.LaunchApp();
            await ReadyAsync(cancellation);
        }
    }

    // A fault may end a start, as a service manager would see it: it is started again.
    private async Task ReadyAsync(CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                await world.App.ReadyAsync();
                return;
            }
            catch (InvalidOperationException) when (attempt < Starts)
            {
                Report.Say("a start failed; started again");
                await world.KillAppAsync();
                world.LaunchApp();
            }
        }
    }

    private async Task<ChaosResult> JudgeAsync(TicketDriver driver, IReadOnlyDictionary<string, TicketEnd> reference, Stopwatch watch)
    {
        var (duplicates, wrong) = (0, 0);
        foreach (var (key, scenario) in driver.Tickets.OrderBy(ticket => ticket.Key.Length).ThenBy(ticket => ticket.Key, StringComparer.Ordinal))
        {
            if (!driver.Ended.TryGetValue(key, out var run))
            {
                Report.Say($"LOST: {key} ({scenario.Name}): {await StateAsync(key)}");
                continue;
            }

            var end = await TicketEnd.ReadAsync(new Reporter(world), key, run);
            duplicates += end.Duplicates;
            if (end.Duplicates > 0) Report.Say($"DUPLICATED: {key} ({scenario.Name}): {end.Duplicates}");
            var differences = end.DifferencesFrom(reference[scenario.Name]);
            if (differences.Count == 0) continue;
            wrong++;
            Report.Say($"WRONG: {key} ({scenario.Name}): {string.Join("; ", differences)}; run: {run.Detail ?? "-"}, {run.Failure ?? "-"}");
        }

        var secrets = await SecretScan.RunAsync(world, driver.Tickets.Keys);
        Report.Say($"{secrets.Bytes / (1 << 20)} MiB looked through for secrets; faults of storage: {world.StorageProxy.FaultsByKind}; of Jira: {world.JiraProxy.FaultsByKind}");
        foreach (var secret in secrets.Found) Report.Say($"SECRET: {secret}");
        return new ChaosResult
        {
            Tickets = driver.Tickets.Count,
            Kills = kills,
            Faults = world.StorageProxy.Faults + world.JiraProxy.Faults,
            Finished = driver.Ended.Count,
            Lost = driver.Tickets.Count - driver.Ended.Count,
            DuplicatedEffects = duplicates,
            WrongEnd = wrong,
            Poisoned = await Queues.PoisonedAsync(world),
            SecretsFound = secrets.Found.Count,
            Seconds = Math.Round(watch.Elapsed.TotalSeconds, 1),
            Seed = seed,
        };
    }

    private async Task<string> StateAsync(string key)
    {
        try
        {
            return $"{await world.Runs.FindAsync(key, default)}";
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return e.Message;
        }
    }
}
