using Microsoft.AspNetCore.Http;

namespace AgentSquad.EmbeddedHost.Http;

/// <summary>
/// Bodies of requests: a small one is read before the function starts and can be read again, as with the official worker; a large one is
/// passed through as it arrives, so that a function that refuses it costs neither memory nor time.
/// </summary>
internal static class RequestBody
{
    /// <summary>The most that is held in memory before the function starts.</summary>
    public const int Buffered = 1024 * 1024;

    private const int FirstBuffer = 16 * 1024;

    /// <summary>Reads the body, or its beginning.</summary>
    public static async Task<Stream> OpenAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > Buffered) return request.Body;
        var start = new MemoryStream((int)(request.ContentLength ?? FirstBuffer));
        var buffer = new byte[FirstBuffer];
        while (start.Length <= Buffered)
        {
            var count = await ReadAsync(request.Body, buffer, cancellationToken);
            if (count == 0)
            {
                start.Position = 0;
                return start;
            }

            await start.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
        }

        start.Position = 0;
        return new PrefixedStream(start, request.Body);
    }

    /// <summary>Reads on in a body.</summary>
    /// <exception cref="BadHttpRequestException">It breaks the rules of HTTP.</exception>
    public static async ValueTask<int> ReadAsync(Stream body, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await body.ReadAsync(buffer, cancellationToken);
        }
        catch (IOException problem) when (problem is not BadHttpRequestException)
        {
            throw Broken(problem);
        }
    }

    /// <summary>The same in a blocking way.</summary>
    public static int Read(Stream body, Span<byte> buffer)
    {
        try
        {
            return body.Read(buffer);
        }
        catch (IOException problem) when (problem is not BadHttpRequestException)
        {
            throw Broken(problem);
        }
    }

    // Of a chunk whose size is no number that there is, Kestrel only says that reading failed; that is the sender's doing all the same.
    private static BadHttpRequestException Broken(IOException problem) => new("The body of the request cannot be read.", StatusCodes.Status400BadRequest, problem);
}
