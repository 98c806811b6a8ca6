using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using AgentSquad.Atlassian.Webhooks;

namespace AgentSquad.Bench.Webhooks;

/// <summary>Sends signed events of a site and keeps how long each answer took.</summary>
/// <param name="http">A client without a proxy.</param>
/// <param name="url">Base address of the endpoint.</param>
/// <param name="events">What it sends.</param>
/// <param name="secret">What they are signed with.</param>
/// <param name="first">Number of the first event; the others follow.</param>
internal sealed class Sender(HttpClient http, string url, SiteEvents events, string secret, int first)
{
    // Jira tries five times again, five to fifteen minutes apart; here thirty times as fast.
    private const int Retries = 5;
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly ConcurrentQueue<double> _milliseconds = new();
    private readonly ConcurrentQueue<string> _accepted = new();
    private int _next = first;
    private int _refused;
    private int _failed;
    private int _givenUp;

    /// <summary>Whether events that were not accepted are sent again, as Jira does.</summary>
    public bool Retrying { get; init; }

    /// <summary>Delivery ids of the events that were answered with 202.</summary>
    public IReadOnlyCollection<string> Accepted => _accepted;

    /// <summary>Answers of 503.</summary>
    public int Refused => _refused;

    /// <summary>All other answers, and none.</summary>
    public int Failed => _failed;

    /// <summary>Events that were never accepted, however often they were sent.</summary>
    public int GivenUp => _givenUp;

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
        var number = Interlocked.Increment(ref _next);
        var body = events.Of(number);
        for (var retry = 0; ; retry++)
        {
            if (retry > 0)
            {
                await Task.Delay(ShortestPause + ((LongestPause - ShortestPause) * Random.Shared.NextDouble()), cancellation);
                started = Stopwatch.GetTimestamp();
            }

            var isAccepted = await PostAsync(body, number, retry, cancellation);
            _milliseconds.Enqueue(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            if (isAccepted) return;
            if (Retrying && retry < Retries) continue;
            Interlocked.Increment(ref _givenUp);
            return;
        }
    }

    private async Task<bool> PostAsync(byte[] body, int number, int retry, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(url + "/api/jira/webhook"));
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add(WebhookHeaders.Signature, WebhookSigner.Sign(body, secret));
        request.Headers.Add(WebhookHeaders.Identifier, $"bench-{number}");
        if (retry > 0) request.Headers.Add("X-Atlassian-Webhook-Retry", retry.ToString(CultureInfo.InvariantCulture));
        try
        {
            using var response = await http.SendAsync(request, cancellation);
            if (response.StatusCode == HttpStatusCode.Accepted)
            {
                _accepted.Enqueue(Convert.ToHexStringLower(SHA256.HashData(body))[..32]);
                return true;
            }

            Interlocked.Increment(ref response.StatusCode == HttpStatusCode.ServiceUnavailable ? ref _refused : ref _failed);
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            Interlocked.Increment(ref _failed);
        }

        return false;
    }
}
