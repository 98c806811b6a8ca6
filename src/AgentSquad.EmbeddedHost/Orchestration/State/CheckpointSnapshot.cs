using AgentSquad.EmbeddedHost.Orchestration.History;

namespace AgentSquad.EmbeddedHost.Orchestration.State;

/// <summary>
/// The content of a checkpoint as it was at one moment. Everything but histories is encoded at that moment, under the engine's gate; histories
/// are referred to as they are held, which never changes, and unpacked one after the other when the content is written, outside the gate.
/// </summary>
internal sealed class CheckpointSnapshot
{
    // Small enough to be no large object, and so many that no buffer of gigabytes has to grow.
    private const int PartBytes = 64 * 1024;
    private const int FullPartBytes = 48 * 1024;

    private readonly List<ByteWriter> _parts = [new ByteWriter(PartBytes)];
    private readonly List<(int Part, int Position, ReadOnlyMemory<byte> Held)> _histories = [];
    private long _historyBytes;

    /// <summary>Bytes of the content.</summary>
    public long Length => _historyBytes + _parts.Sum(part => (long)part.Length);

    /// <summary>Adds what is no instance.</summary>
    public void Add(Action<ByteWriter> write) => write(Part());

    /// <summary>Adds an instance as it is now.</summary>
    public void Add(Instance instance)
    {
        var writer = Part();
        writer.Bool(true);
        InstanceCodec.WriteBeforeHistory(writer, instance);
        var held = instance.History.Held;
        var length = PackedHistory.PlainLength(held.Span);
        writer.UInt((ulong)length);
        _histories.Add((_parts.Count - 1, writer.Length, held));
        _historyBytes += length;
        InstanceCodec.WriteAfterHistory(writer, instance);
    }

    /// <summary>Writes the content; may be called again.</summary>
    public async Task WriteAsync(Stream stream, CancellationToken cancellationToken)
    {
        var history = 0;
        for (var part = 0; part < _parts.Count; part++)
        {
            var encoded = _parts[part].WrittenMemory;
            var written = 0;
            for (; history < _histories.Count && _histories[history].Part == part; history++)
            {
                var (_, position, held) = _histories[history];
                await stream.WriteAsync(encoded[written..position], cancellationToken).ConfigureAwait(false);
                await PackedHistory.WritePlainAsync(held, stream, cancellationToken).ConfigureAwait(false);
                written = position;
            }

            await stream.WriteAsync(encoded[written..], cancellationToken).ConfigureAwait(false);
        }
    }

    private ByteWriter Part()
    {
        if (_parts[^1].Length > FullPartBytes) _parts.Add(new ByteWriter(PartBytes));
        return _parts[^1];
    }
}
