using System.Text;

namespace AgentSquad.EmbeddedHost.Orchestration.History;

/// <summary>A serialized input, output, event or status: its text, or the name of the blob that a large one was moved to.</summary>
internal readonly record struct Payload
{
    public static readonly Payload None;

    // A string, or its UTF-8.
    private readonly object? _value;

    /// <param name="value">The text, or the blob's name; null for no payload.</param>
    /// <param name="isBlob">Whether <paramref name="value"/> names a blob.</param>
    public Payload(string? value, bool isBlob = false) => (_value, IsBlob) = (value, isBlob);

    private Payload(byte[] utf8) => _value = utf8;

    /// <summary>Whether <see cref="Value"/> names a blob.</summary>
    public bool IsBlob { get; }

    /// <summary>The text, or the blob's name; null for no payload.</summary>
    public string? Value => _value is byte[] utf8 ? Encoding.UTF8.GetString(utf8) : (string?)_value;

    /// <summary>The text as bytes, if that is how it is held.</summary>
    public byte[]? Utf8 => _value as byte[];

    /// <summary>The same in half the memory, for what is seldom asked for: each look at the text then makes a new string.</summary>
    public Payload Compact() => !IsBlob && _value is string text ? new Payload(Encoding.UTF8.GetBytes(text)) : this;
}
