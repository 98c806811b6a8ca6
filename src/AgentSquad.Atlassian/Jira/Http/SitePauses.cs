using System.Collections.Concurrent;
using System.Net;

namespace AgentSquad.Atlassian.Jira.Http;

/// <summary>
/// What sites said about being left alone. When one answers 429 with a time, nothing more is sent to it until then, not even by others than
/// the one that was refused: the people on that site need what is left of its budget.
/// </summary>
internal sealed class SitePauses(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> _until = new(StringComparer.Ordinal);

    /// <summary>Notes how long a site wants to be left alone; <paramref name="longest"/> bounds it.</summary>
    public void Note(string site, HttpResponseMessage response, TimeSpan longest)
    {
        if (response.StatusCode != HttpStatusCode.TooManyRequests || RetryAfter.Of(response) is not { } wait || wait <= TimeSpan.Zero) return;
        var until = time.GetUtcNow() + (wait < longest ? wait : longest);
        _until.AddOrUpdate(site, until, (_, before) => before > until ? before : until);
    }

    /// <summary>Waits until a site may be asked again; at once when it may.</summary>
    public async ValueTask WaitAsync(string site, CancellationToken cancellationToken)
    {
        while (_until.TryGetValue(site, out var until))
        {
            var left = until - time.GetUtcNow();
            if (left <= TimeSpan.Zero) _until.TryRemove(new KeyValuePair<string, DateTimeOffset>(site, until));
            else await Task.Delay(left, time, cancellationToken);
        }
    }
}
