using System.Collections.Concurrent;
using System.Text.Json;
using AgentSquad.Atlassian.Json;

namespace AgentSquad.Atlassian.Jira;

/// <summary>
/// Names that configuration uses, with their ids, each list read once. A failed read is not remembered, and a name that is not in a list
/// has it read again, once a minute at most: someone may have made it in the meantime.
/// </summary>
internal sealed class JiraNames(TimeProvider time)
{
    private static readonly TimeSpan LeastAge = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Entry> _lists = new(StringComparer.Ordinal);

    /// <summary>The ids of a list of objects by name and by id, compared without case.</summary>
    public static Dictionary<string, string> Of(JsonElement list)
    {
        var ids = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (list.ValueKind == JsonValueKind.Array) Add(ids, list.EnumerateArray());
        return ids;
    }

    /// <summary>Adds objects by name and by id; of several that share a name the first counts.</summary>
    public static void Add(Dictionary<string, string> ids, IEnumerable<JsonElement> list)
    {
        foreach (var item in list)
        {
            if (item.Text("id") is not { } id) continue;
            ids.TryAdd(id, id);
            if (item.Text("name") is { } name) ids.TryAdd(name.Trim(), id);
        }
    }

    public async Task<string?> FindAsync(
        string list, string name, Func<CancellationToken, Task<Dictionary<string, string>>> read, CancellationToken cancellationToken)
    {
        var entry = _lists.GetOrAdd(list, _ => Read(read));
        if (await FindAsync(list, entry, name, cancellationToken) is { } id) return id;
        if (time.GetElapsedTime(entry.Started) < LeastAge) return null;
        _lists.TryRemove(new KeyValuePair<string, Entry>(list, entry));
        return await FindAsync(list, _lists.GetOrAdd(list, _ => Read(read)), name, cancellationToken);
    }

    // Not cancelled with the caller: the next one needs the answer too.
    private Entry Read(Func<CancellationToken, Task<Dictionary<string, string>>> read) => new(read(CancellationToken.None), time.GetTimestamp());

    private async Task<string?> FindAsync(string list, Entry entry, string name, CancellationToken cancellationToken)
    {
        try
        {
            return (await entry.Ids.WaitAsync(cancellationToken)).GetValueOrDefault(name.Trim());
        }
        catch when (entry.Ids.IsFaulted)
        {
            _lists.TryRemove(new KeyValuePair<string, Entry>(list, entry));
            throw;
        }
    }

    private sealed record Entry(Task<Dictionary<string, string>> Ids, long Started);
}
