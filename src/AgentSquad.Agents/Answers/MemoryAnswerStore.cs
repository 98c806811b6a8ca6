using System.Collections.Concurrent;
using System.Text.Json;

namespace AgentSquad.Agents.Answers;

/// <summary>A store in memory: for one process, and gone with it. The function app has one on its storage account instead.</summary>
internal sealed class MemoryAnswerStore : IAnswerStore
{
    private readonly ConcurrentDictionary<string, string> _values = new(StringComparer.Ordinal);

    public Task<T?> FindAsync<T>(string instanceId, string key, CancellationToken cancellationToken)
        where T : class =>
        Task.FromResult(_values.TryGetValue($"{instanceId}/{key}", out var json) ? JsonSerializer.Deserialize<T>(json, JsonSerializerOptions.Web) : null);

    public Task SaveAsync<T>(string instanceId, string key, T value, CancellationToken cancellationToken)
        where T : class
    {
        _values[$"{instanceId}/{key}"] = JsonSerializer.Serialize(value, JsonSerializerOptions.Web);
        return Task.CompletedTask;
    }
}
