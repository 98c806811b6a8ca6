using System.Collections.Concurrent;
using System.Text.Json;
using AgentSquad.Atlassian.Json;

namespace AgentSquad.Atlassian.Jira;

/// <summary>Names that configuration uses, with their ids, each list read once. A failed read is not remembered.</summary>
internal sealed class JiraNames
{
    private readonly ConcurrentDictionary<string, Task<IReadOnlyDictionary<string, string>>> _lists = new(StringComparer.Ordinal);

    /// <summary>The ids of a list of objects by name and by id, compared without case.</summary>
    public static IReadOnlyDictionary<string, string> Of(JsonElement list)
    {
        var ids = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (list.ValueKind != JsonValueKind.Array) return ids;
        foreach (var item in list.EnumerateArray())
        {
            if (item.Text("id") is not { } id) continue;
            ids.TryAdd(id, id);
            if (item.Text("name") is { } name) ids.TryAdd(name, id);
        }

        return ids;
    }

    public async Task<string?> FindAsync(
        string list, string name, Func<CancellationToken, Task<IReadOnlyDictionary<string, string>>> read, CancellationToken cancellationToken)
    {
        // Not cancelled with the caller: the next one needs the answer too.
        var ids = _lists.GetOrAdd(list, _ => read(CancellationToken.None));
        try
        {
            return (await ids.WaitAsync(cancellationToken)).GetValueOrDefault(name.Trim());
        }
        catch when (ids.IsFaulted)
        {
            _lists.TryRemove(new KeyValuePair<string, Task<IReadOnlyDictionary<string, string>>>(list, ids));
            throw;
        }
    }
}
