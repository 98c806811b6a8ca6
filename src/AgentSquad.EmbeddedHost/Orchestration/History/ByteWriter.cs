using System.Buffers.Binary;
using System.Text;

namespace AgentSquad.EmbeddedHost.Orchestration.History;

/// <summary>Writes the hub's compact binary form: variable-length integers, UTF-8 text with its length.</summary>
internal sealed class ByteWriter(int capacity = 256)
{
    private byte[] _buffer = new byte[capacity];
    private int _length;

    public int Length => _length;

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    public ReadOnlyMemory<byte> WrittenMemory => _buffer.AsMemory(0, _length);

    public byte[] ToArray() => Written.ToArray();

    /// <summary>Bytes to hold when those that are held do not suffice: twice as many, up to the most that an array can have.</summary>
    /// <exception cref="InvalidOperationException">Not even that is enough.</exception>
    public static int Grown(int held, long needed) => needed <= Array.MaxLength
        ? (int)Math.Max(needed, Math.Min(2L * held, Array.MaxLength))
        : throw new InvalidOperationException($"{needed} bytes of the task hub are more than can be held in one piece.");

    public void Clear()
    {
        const int keep = 1024 * 1024;
        if (_buffer.Length > keep) _buffer = new byte[capacity];
        _length = 0;
    }

    public void Byte(byte value) => Room(1)[0] = value;

    public void Bool(bool value) => Byte(value ? (byte)1 : (byte)0);

    public void Int(long value) => UInt((ulong)((value << 1) ^ (value >> 63)));

    public void UInt(ulong value)
    {
        while (value >= 0x80)
        {
            Byte((byte)(value | 0x80));
            value >>= 7;
        }

        Byte((byte)value);
    }

    public void Time(DateTime value) => BinaryPrimitives.WriteInt64LittleEndian(Room(sizeof(long)), value.Ticks);

    public void OptionalTime(DateTime? value)
    {
        Bool(value.HasValue);
        if (value is { } time) Time(time);
    }

    public void Text(string? value)
    {
        if (value is null)
        {
            UInt(0);
            return;
        }

        var length = Encoding.UTF8.GetByteCount(value);
        UInt((ulong)length + 1);
        Encoding.UTF8.GetBytes(value, Room(length));
    }

    /// <summary>A text that is UTF-8 already.</summary>
    public void Text(ReadOnlySpan<byte> utf8)
    {
        UInt((ulong)utf8.Length + 1);
        Raw(utf8);
    }

    public void Bytes(ReadOnlySpan<byte> value)
    {
        UInt((ulong)value.Length);
        Raw(value);
    }

    public void Raw(ReadOnlySpan<byte> value) => value.CopyTo(Room(value.Length));

    private Span<byte> Room(int count)
    {
        if (_buffer.Length - _length < count) Array.Resize(ref _buffer, Grown(_buffer.Length, (long)_length + count));
        var room = _buffer.AsSpan(_length, count);
        _length += count;
        return room;
    }
}
