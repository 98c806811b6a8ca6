using System.Buffers;

namespace AgentSquad.Functions.Webhook;

/// <summary>Reads a request body without ever holding more than a limit.</summary>
internal static class BoundedBody
{
    /// <summary>The body, or null when it is longer than the limit.</summary>
    /// <param name="stream">The body.</param>
    /// <param name="limit">Most bytes to accept.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public static async Task<ReadOnlyMemory<byte>?> ReadAsync(Stream stream, int limit, CancellationToken cancellationToken)
    {
        var body = new ArrayBufferWriter<byte>(16 * 1024);
        while (true)
        {
            var read = await stream.ReadAsync(body.GetMemory(16 * 1024), cancellationToken);
            if (read == 0) return body.WrittenMemory;
            body.Advance(read);
            if (body.WrittenCount > limit) return null;
        }
    }
}
