using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using AgentSquad.Atlassian.Webhooks;

namespace AgentSquad.Bench.Webhooks;

/// <summary>Sends signed comment events, each of a ticket of its own, and keeps how long each answer took.</summary>
/// <param name="http">A client without a proxy.</param>
/// <param name="url">Base address of the endpoint.</param>
/// <param name="site">The site that the events are of.</param>
/// <param name="secret">What they are signed with.</param>
/// <param name="firstId">Id of the first ticket; the others follow.</param>
internal sealed class Sender(HttpClient http, string url, string site, string secret, int firstId)
{
    private readonly ConcurrentQueue<double> _milliseconds = new();
    private readonly ConcurrentQueue<string> _accepted = new();
    private int _next = firstId;
    private int _refused;
    private int _failed;

    /// <summary>Identifiers of the deliveries that were answered with 202.</summary>
    public IReadOnlyCollection<string> Accepted => _accepted;

    /// <summary>Answers of 503.</summary>
    public int Refused => _refused;

    /// <summary>All other answers, and none.</summary>
    public int Failed => _failed;

    /// <summary>Sends at a steady rate, whether or not answers come; so that a slow answer is counted and not waited for.</summary>
    public async Task AtRateAsync(int perSecond, TimeSpan time, CancellationToken cancellation)
    {
        var under = new List<Task>();
        var watch = Stopwatch.StartNew();
        var total = (int)(perSecond * time.TotalSeconds);
        for (var i = 0; i < total; i++)
        {
            var due = TimeSpan.FromSeconds((double)i / perSecond);
            if (due - watch.Elapsed is { Ticks: > 0 } ahead) await Task.Delay(ahead, cancellation);

            // From when it was due: an own delay must not hide the endpoint's.
            under.Add(OneAsync(Stopwatch.GetTimestamp() - (long)((watch.Elapsed - due).TotalSeconds * Stopwatch.Frequency), cancellation));
        }

        await Task.WhenAll(under);
    }

    /// <summary>Sends as fast as answers come, on a number of connections.</summary>
    /// <returns>Accepted per second.</returns>
    public async Task<double> SaturateAsync(int connections, TimeSpan time, CancellationToken cancellation)
    {
        var (watch, before) = (Stopwatch.StartNew(), _accepted.Count);
        await Task.WhenAll(Enumerable.Range(0, connections).Select(async _ =>
        {
            while (watch.Elapsed < time) await OneAsync(Stopwatch.GetTimestamp(), cancellation);
        }));
        return (_accepted.Count - before) / watch.Elapsed.TotalSeconds;
    }

    /// <summary>Latency that a share of the answers stayed under, in milliseconds.</summary>
    public double Percentile(double share)
    {
        var sorted = _milliseconds.Order().ToArray();
        return sorted.Length == 0 ? 0 : Math.Round(sorted[(int)Math.Min(sorted.Length - 1, sorted.Length * share)], 1);
    }

    private async Task OneAsync(long started, CancellationToken cancellation)
    {
        var id = Interlocked.Increment(ref _next);
        var body = Body(id);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(url + "/api/jira/webhook"));
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add(WebhookHeaders.Signature, WebhookSigner.Sign(body, secret));
        request.Headers.Add(WebhookHeaders.Identifier, $"bench-{id}");
        try
        {
            using var response = await http.SendAsync(request, cancellation);
            if (response.StatusCode == HttpStatusCode.Accepted) _accepted.Enqueue($"bench-{id}");
            else if (response.StatusCode == HttpStatusCode.ServiceUnavailable) Interlocked.Increment(ref _refused);
            else Interlocked.Increment(ref _failed);
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            Interlocked.Increment(ref _failed);
        }

        _milliseconds.Enqueue(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }

    private byte[] Body(int id) => Encoding.UTF8.GetBytes(new JsonObject
    {
        ["timestamp"] = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
        ["webhookEvent"] = "comment_created",
        ["issue"] = new JsonObject
        {
            ["id"] = $"{id}", ["key"] = $"TEST-{id}", ["self"] = $"{site}/rest/api/2/issue/{id}",
            ["fields"] = new JsonObject { ["summary"] = "A ticket of the benchmark", ["labels"] = new JsonArray() },
        },
        ["comment"] = new JsonObject
        {
            ["id"] = $"{id}", ["self"] = $"{site}/rest/api/2/issue/{id}/comment/{id}", ["body"] = new string('x', 500 + (id % 2000)),
            ["author"] = new JsonObject { ["accountId"] = "sandbox-rita", ["displayName"] = "Rita Reporter" },
            ["created"] = "2026-01-01T00:00:00.000+0000", ["updated"] = "2026-01-01T00:00:00.000+0000",
        },
    }.ToJsonString());
}
