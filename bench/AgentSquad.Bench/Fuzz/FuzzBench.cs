using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using AgentSquad.Atlassian.Webhooks;
using AgentSquad.Bench.Chaos;
using AgentSquad.Bench.World;
using AgentSquad.TestSupport;

namespace AgentSquad.Bench.Fuzz;

/// <summary>Hostile input at every door: half of it without any right, half of it signed by the right secret and mutated.</summary>
internal sealed class FuzzBench : IDisposable
{
    private const int Parallel = 8;
    private const int LongestQueue = 200;
    private const int Tries = 6;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    private readonly LocalWorld _world;
    private readonly IReadOnlyList<byte[]> _corpus;
    private readonly Bystander _bystander;
    private readonly string _stolen;
    private readonly ConcurrentDictionary<string, int> _counts = new();
    private readonly ConcurrentDictionary<string, byte> _named = new();
    private readonly SemaphoreSlim _restart = new(1);

    private FuzzBench(LocalWorld world, IReadOnlyList<byte[]> corpus, Bystander bystander)
    {
        (_world, _corpus, _bystander) = (world, corpus, bystander);
        _stolen = WebhookSigner.Sign(corpus[0], world.WebhookSecret);
    }

    /// <summary>Runs it in a world of its own. Whether everything is as it must be.</summary>
    public static async Task<bool> RunAsync(int requests, int seed, bool json, CancellationToken cancellation)
    {
        await using var world = await LocalWorld.StartAsync(seed, webhooks: true, direct: true, ChaosBench.Settings);
        var result = await RunAsync(world, requests, seed, cancellation);
        if (!result.IsGood) Report.Keep(world, seed);
        Report.Print(result, json);
        return result.IsGood;
    }

    /// <summary>Runs it in a world that is there.</summary>
    public static async Task<FuzzResult> RunAsync(LocalWorld world, int requests, int seed, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        Report.Say("a run for the corpus, and one that waits beside it");
        var corpus = await CorpusAsync(world, limit.Token);
        using var bench = new FuzzBench(world, corpus, await Bystander.CreateAsync(world, limit.Token));
        return await bench.RunAsync(requests, seed, watch, cancellation);
    }

    /// <inheritdoc/>
    public void Dispose() => _restart.Dispose();

    private async Task<FuzzResult> RunAsync(int requests, int seed, Stopwatch watch, CancellationToken cancellation)
    {
        Report.Say($"{requests} requests from {_corpus.Count} webhooks, seed {seed}");
        var known = (await _world.Runs.ListAsync(cancellation)).Select(run => run.InstanceId).ToHashSet();
        long warm = 0;
        var done = 0;
        await System.Threading.Tasks.Parallel.ForAsync(0, requests, new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellation }, async (i, token) =>
        {
            var random = new Random(unchecked((seed * 1_000_003) + i));
            if (i % 2 == 0) await UnsignedAsync(random, token);
            else await SignedAsync(random, token);
            await RestartIfGoneAsync();
            var count = Interlocked.Increment(ref done);
            if (count == requests / 5) Interlocked.Exchange(ref warm, _world.App.WorkingSet);
            if (count % 1000 == 0) Report.Say($"{count} sent, {watch.Elapsed.TotalSeconds:0} s");
        });

        Report.Say($"all sent, {watch.Elapsed.TotalSeconds:0} s");
        var drained = await Queues.DrainAsync(_world, Patience, cancellation);
        if (!drained) Report.Say("the intake queue did not become empty");
        await RestartIfGoneAsync();
        var growth = Count("crashes") == 0 ? _world.App.WorkingSet - warm : 0;
        var runs = (await _world.Runs.ListAsync(cancellation)).Where(run => !known.Contains(run.InstanceId)).ToList();
        var unnamed = runs.Where(run => !_named.ContainsKey(run.IssueId)).Select(run => run.InstanceId).ToList();
        if (await _bystander.ChangeAsync(_world, cancellation) is { } change) unnamed.Add(change);
        foreach (var acted in unnamed) Report.Say($"UNNAMED: {acted}");
        return new FuzzResult
        {
            Sent = requests,
            Accepted = Count("accepted"),
            SignedSent = Count("signedSent"),
            SignedAccepted = Count("signedAccepted"),
            RunsStartedByMutants = runs.Count,
            ActedOnUnnamed = unnamed.Count,
            Poisoned = await Queues.PoisonedAsync(_world) + (drained ? 0 : await Queues.CountAsync(_world, "jira-events")),
            ServerErrors = Count("serverErrors"),
            SentAgain = Count("sentAgain"),
            Crashes = Count("crashes"),
            MemoryGrowthBytes = growth,
            Seconds = Math.Round(watch.Elapsed.TotalSeconds, 1),
            Seed = seed,
        };
    }

    // What the sandbox sends during one whole run, and the recorded webhooks where they are at hand.
    private static async Task<IReadOnlyList<byte[]>> CorpusAsync(LocalWorld world, CancellationToken cancellation)
    {
        var driver = new TicketDriver(world);
        await driver.WriteAsync(Scenario.All[0]);
        await driver.FollowAsync(() => true, cancellation);
        await Queues.DrainAsync(world, Patience, cancellation);
        using var deliveries = JsonDocument.Parse(await world.Http.GetStringAsync(new Uri($"{world.SandboxUrl}/sandbox/deliveries?expand=body"), cancellation));
        var bodies = deliveries.RootElement.EnumerateArray().Where(delivery => delivery.TryGetProperty("body", out _))
            .Select(delivery => delivery.GetProperty("body")).Select(body => Encoding.UTF8.GetBytes(body.ValueKind == JsonValueKind.String ? body.GetString()! : body.GetRawText())).ToList();
        if (RepositoryPaths.InShared("atlassian", "webhooks") is { } folder)
        {
            foreach (var file in Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal)) bodies.Add(await File.ReadAllBytesAsync(file, cancellation));
        }

        return bodies;
    }

    private async Task UnsignedAsync(Random random, CancellationToken cancellation)
    {
        var attack = Attack.Make(random, _corpus, _stolen);
        var status = await attack.SendAsync(new Uri(_world.AppUrl), cancellation);
        if (status is >= 200 and < 300 && !attack.IsPublic)
        {
            Add("accepted");
            Report.Say($"ACCEPTED {status}: {attack.Name}");
        }

        if (status is >= 500 and not ((int)HttpStatusCode.NotImplemented or (int)HttpStatusCode.HttpVersionNotSupported))
        {
            Add("serverErrors");
            Report.Say($"ERROR {status}: {attack.Name}");
        }
    }

    private async Task SignedAsync(Random random, CancellationToken cancellation)
    {
        // A long queue slows all of the storage, and nothing is learnt from that.
        while (await Queues.CountAsync(_world, "jira-events") > LongestQueue) await Task.Delay(TimeSpan.FromSeconds(1), cancellation);
        var body = SignedMutant.Make(random, _corpus, _world.SiteUrl, _bystander.Key);
        SignedMutant.Note(body, _named);
        var identifier = random.Next(3) == 0 ? Mutator.Text(random).ReplaceLineEndings("").Replace("\0", "", StringComparison.Ordinal) : null;
        Add("signedSent");
        for (var attempt = 1; ; attempt++)
        {
            var (status, later) = await PostAsync(body, identifier, cancellation);
            if (status == HttpStatusCode.Accepted) Add("signedAccepted");
            if (status is not >= HttpStatusCode.InternalServerError) return;
            if (status != HttpStatusCode.ServiceUnavailable || later is null || attempt == Tries)
            {
                Add("serverErrors");
                Report.Say($"ERROR {(int)status}: signed {Encoding.UTF8.GetString(body)[..Math.Min(300, body.Length)]}");
                return;
            }

            Add("sentAgain");
            await Task.Delay(later.Value, cancellation);
        }
    }

    private async Task<(HttpStatusCode? Status, TimeSpan? Later)> PostAsync(byte[] body, string? identifier, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"{_world.AppUrl}/api/jira/webhook"));
        request.Content = new ByteArrayContent(body);
        request.Headers.Add(WebhookHeaders.Signature, WebhookSigner.Sign(body, _world.WebhookSecret));
        if (identifier is not null) request.Headers.TryAddWithoutValidation(WebhookHeaders.Identifier, identifier);
        try
        {
            using var response = await _world.Http.SendAsync(request, cancellation);
            return (response.StatusCode, response.Headers.RetryAfter?.Delta);
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return (null, null);
        }
    }

    private async Task RestartIfGoneAsync()
    {
        await _restart.WaitAsync();
        try
        {
            if (!_world.App.HasExited) return;
            Add("crashes");
            await _world.KillAppAsync();
            await _world.StartAppAsync();
        }
        finally
        {
            _restart.Release();
        }
    }

    private void Add(string name) => _counts.AddOrUpdate(name, 1, (_, count) => count + 1);

    private int Count(string name) => _counts.GetValueOrDefault(name);
}
