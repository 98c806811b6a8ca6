using System.Collections.Concurrent;
using System.Text;
using AgentSquad.EmbeddedHost.Orchestration.History;
using AgentSquad.EmbeddedHost.TaskHub;

namespace AgentSquad.EmbeddedHost.Orchestration.Hub;

/// <summary>Moves large payloads to blobs before a record refers to them, and reads them back.</summary>
/// <remarks>
/// Callers may block on it from an orchestrator's or activity's thread. So the store is always called from the pool: its continuations must
/// never wait for the thread that waits for them.
/// </remarks>
internal sealed class LargePayloads(IPayloadStore store, int largeBytes)
{
    /// <summary>Folder of archived instances.</summary>
    public const string ArchiveFolder = "archive";

    private const string PayloadFolder = "payloads";
    private const int CachedTexts = 16;

    private readonly Lock _lock = new();
    private readonly LinkedList<(string Blob, string Text)> _cache = new();
    private ConcurrentDictionary<string, bool>? _fresh = new(StringComparer.Ordinal);

    /// <summary>The payload to store for a text.</summary>
    public async ValueTask<Payload> StoreAsync(string? text, CancellationToken cancellationToken)
    {
        if (text is null || !IsLarge(text)) return new Payload(text);

        var blob = NewName(PayloadFolder);
        await PutAsync(blob, Encoding.UTF8.GetBytes(text), cancellationToken).ConfigureAwait(false);
        Remember(blob, text);
        return new Payload(blob, isBlob: true);
    }

    /// <summary>The text of a payload.</summary>
    public async ValueTask<string?> ReadAsync(Payload payload, CancellationToken cancellationToken)
    {
        if (!payload.IsBlob) return payload.Value;
        if (Recall(payload.Value!) is { } text) return text;
        var content = await GetAsync(payload.Value!, cancellationToken).ConfigureAwait(false)
            ?? throw new TaskHubCorruptException($"The blob '{payload.Value}' with a payload of the task hub is gone.");
        text = Encoding.UTF8.GetString(content.Span);
        Remember(payload.Value!, text);
        return text;
    }

    /// <summary>A name that no blob has.</summary>
    public static string NewName(string folder) => $"{folder}/{Guid.CreateVersion7():N}";

    /// <summary>Writes bytes under a name from <see cref="NewName"/>.</summary>
    public Task StoreBytesAsync(string blob, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        PutAsync(blob, content, cancellationToken);

    /// <summary>
    /// Every blob that was there before this object was made, whether anything refers to it or not. To be read once, to its end; until then
    /// the names of what this object writes are kept.
    /// </summary>
    public async Task<List<string>> ListOlderAsync(CancellationToken cancellationToken)
    {
        var names = new List<string>();
        foreach (var folder in (string[])[PayloadFolder, ArchiveFolder])
        {
            await foreach (var name in store.ListAsync(folder + "/", cancellationToken).ConfigureAwait(false))
            {
                if (_fresh?.ContainsKey(name) != true) names.Add(name);
            }
        }

        _fresh = null;
        return names;
    }

    /// <summary>Reads a part of a blob, exactly as long as asked for.</summary>
    public async Task<ReadOnlyMemory<byte>> ReadRangeAsync(string blob, int offset, int length, CancellationToken cancellationToken)
    {
        var content = await Task.Run(() => store.GetRangeAsync(blob, offset, length, cancellationToken), cancellationToken).ConfigureAwait(false)
            ?? throw new TaskHubCorruptException($"The blob '{blob}' of the task hub is gone.");
        return content.Length == length
            ? content
            : throw new TaskHubCorruptException(
                $"The blob '{blob}' of the task hub ends {length - content.Length} bytes before the {length} at offset {offset} that belong to an instance.");
    }

    public Task DeleteAsync(string blob, CancellationToken cancellationToken) =>
        Task.Run(() => store.DeleteAsync(blob, cancellationToken), cancellationToken);

    private Task PutAsync(string blob, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        _fresh?.TryAdd(blob, true);
        return Task.Run(() => store.PutAsync(blob, content, cancellationToken), cancellationToken);
    }

    private Task<ReadOnlyMemory<byte>?> GetAsync(string blob, CancellationToken cancellationToken) =>
        Task.Run(() => store.GetAsync(blob, cancellationToken), cancellationToken);

    private bool IsLarge(string text) =>
        text.Length > largeBytes || (text.Length > largeBytes / 3 && Encoding.UTF8.GetByteCount(text) > largeBytes);

    private string? Recall(string blob)
    {
        lock (_lock)
        {
            foreach (var item in _cache)
            {
                if (item.Blob == blob) return item.Text;
            }

            return null;
        }
    }

    private void Remember(string blob, string text)
    {
        lock (_lock)
        {
            _cache.AddFirst((blob, text));
            if (_cache.Count > CachedTexts) _cache.RemoveLast();
        }
    }
}
