using System.Buffers.Binary;
using System.Text;
using AgentSquad.EmbeddedHost.TaskHub;

namespace AgentSquad.EmbeddedHost.Orchestration.History;

/// <summary>Reads what <see cref="ByteWriter"/> wrote; content that ends early or makes no sense is corruption, never an index error.</summary>
internal ref struct ByteReader(ReadOnlySpan<byte> content)
{
    private readonly ReadOnlySpan<byte> _content = content;
    private int _position;

    public readonly bool AtEnd => _position >= _content.Length;

    public byte Byte() => Take(1)[0];

    public bool Bool() => Byte() != 0;

    public long Int()
    {
        var value = UInt();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public ulong UInt()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = Byte();
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80) return value;
        }

        throw Damaged();
    }

    public int Count()
    {
        var value = UInt();
        return value > int.MaxValue ? throw Damaged() : (int)value;
    }

    public DateTime Time()
    {
        var ticks = BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));
        return ticks < 0 || ticks > DateTime.MaxValue.Ticks ? throw Damaged() : new DateTime(ticks, DateTimeKind.Utc);
    }

    public DateTime? OptionalTime() => Bool() ? Time() : null;

    public string? Text()
    {
        var length = Count();
        return length == 0 ? null : Encoding.UTF8.GetString(Take(length - 1));
    }

    public string RequiredText() => Text() ?? throw Damaged();

    public ReadOnlySpan<byte> Bytes() => Take(Count());

    private readonly TaskHubCorruptException Damaged() => new($"A stored record of the task hub cannot be read (byte {_position} of {_content.Length}).");

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > _content.Length - _position) throw Damaged();
        var taken = _content.Slice(_position, count);
        _position += count;
        return taken;
    }
}
