using System.Buffers;
using System.Text.Json;

namespace AgentSquad.Functions.Webhook;

/// <summary>An accepted webhook as it waits on the queue <c>jira-events</c>.</summary>
/// <param name="DeliveryId">The first 32 hexadecimal digits of the body's SHA-256: the same for every copy of a delivery.</param>
/// <param name="Identifier">The sender's identifier of the delivery; null when it sent none. Not covered by the signature.</param>
/// <param name="ReceivedAt">When it was accepted.</param>
/// <param name="Body">The body as received; empty when <paramref name="Blob"/> holds it.</param>
/// <param name="Blob">Name of the blob in <c>jira-payloads</c> that holds a large body; null otherwise.</param>
internal sealed record EventMessage(
    string DeliveryId, string? Identifier, DateTimeOffset ReceivedAt, ReadOnlyMemory<byte> Body, string? Blob)
{
    /// <summary>Writes the message as one JSON object; the body stays JSON inside it, so that the queue can be read by people.</summary>
    public BinaryData Write()
    {
        var buffer = new ArrayBufferWriter<byte>(Body.Length + 512);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("deliveryId", DeliveryId);
            if (Identifier is not null) writer.WriteString("identifier", Identifier);
            writer.WriteString("receivedAt", ReceivedAt);
            if (Blob is not null) writer.WriteString("blob", Blob);
            if (!Body.IsEmpty)
            {
                writer.WritePropertyName("body");
                // The endpoint has parsed it; written as it came, its hash stays what it was.
                writer.WriteRawValue(Body.Span, skipInputValidation: true);
            }

            writer.WriteEndObject();
        }

        return BinaryData.FromBytes(buffer.WrittenMemory);
    }

    /// <summary>Joins written messages into one, a JSON array; a single one stays as it is.</summary>
    public static BinaryData Pack(IReadOnlyList<BinaryData> written)
    {
        if (written.Count == 1) return written[0];
        var buffer = new ArrayBufferWriter<byte>(written.Sum(each => each.ToMemory().Length + 1) + 1);
        foreach (var each in written)
        {
            buffer.Write(buffer.WrittenCount == 0 ? "["u8 : ","u8);
            buffer.Write(each.ToMemory().Span);
        }

        buffer.Write("]"u8);
        return BinaryData.FromBytes(buffer.WrittenMemory);
    }

    /// <summary>Reads a queue message: one event, or several that were packed together.</summary>
    /// <param name="message">Text of the queue message.</param>
    /// <exception cref="JsonException">It is none; the app never writes such a message.</exception>
    public static IReadOnlyList<EventMessage> ReadAll(string message)
    {
        using var document = JsonDocument.Parse(message, new JsonDocumentOptions { MaxDepth = 256 });
        return document.RootElement.ValueKind == JsonValueKind.Array ? [.. document.RootElement.EnumerateArray().Select(Of)] : [Of(document.RootElement)];
    }

    private static EventMessage Of(JsonElement root) => new(
        root.GetProperty("deliveryId").GetString() ?? throw new JsonException("deliveryId is null."),
        root.TryGetProperty("identifier", out var identifier) ? identifier.GetString() : null,
        root.GetProperty("receivedAt").GetDateTimeOffset(),
        root.TryGetProperty("body", out var body) ? System.Text.Encoding.UTF8.GetBytes(body.GetRawText()) : ReadOnlyMemory<byte>.Empty,
        root.TryGetProperty("blob", out var blob) ? blob.GetString() : null);
}
