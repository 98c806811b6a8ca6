using Microsoft.AspNetCore.Http;

namespace AgentSquad.EmbeddedHost.Http;

/// <summary>The key that a request presents.</summary>
internal static class RequestKeys
{
    /// <summary>Header of a key.</summary>
    public const string HeaderName = "x-functions-key";

    /// <summary>Query parameter of a key.</summary>
    public const string QueryName = "code";

    /// <summary>The key from the header, else from the query; null without any.</summary>
    public static string? Of(HttpRequest request)
    {
        if (request.Headers.TryGetValue(HeaderName, out var header) && header.Count > 0) return header[0];
        return request.Query.TryGetValue(QueryName, out var query) && query.Count > 0 ? query[0] : null;
    }
}
