using System.Text.Json.Nodes;
using AgentSquad.JiraSandbox.Rest;

namespace AgentSquad.JiraSandbox.Admin;

/// <summary>Remembers which REST requests came in and what they were answered.</summary>
internal sealed class RequestLog
{
    private const int Remembered = 20_000;

    private readonly Lock _lock = new();
    private readonly Queue<Entry> _entries = new();

    /// <summary>The latest requests, oldest first.</summary>
    public JsonArray ToJson()
    {
        lock (_lock)
        {
            return new JsonArray([.. _entries.Select(entry => new JsonObject
            {
                ["time"] = entry.Time, ["method"] = entry.Method, ["path"] = entry.Path, ["query"] = entry.Query,
                ["status"] = entry.Status, ["account"] = entry.Account, ["fault"] = entry.Fault,
            })]);
        }
    }

    /// <summary>Adds a request that has been answered.</summary>
    public void Add(HttpContext http, DateTimeOffset time)
    {
        var entry = new Entry(
            time, http.Request.Method, http.Request.Path, http.Request.QueryString.ToString(), http.Response.StatusCode,
            RestCall.CallerId(http), http.Items["fault"] as string);
        lock (_lock)
        {
            _entries.Enqueue(entry);
            if (_entries.Count > Remembered) _entries.Dequeue();
        }
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        lock (_lock) _entries.Clear();
    }

    private sealed record Entry(DateTimeOffset Time, string Method, string Path, string Query, int Status, string? Account, string? Fault);
}

/// <summary>Puts every REST request into the log.</summary>
internal sealed class RequestRecorder(RequestDelegate next, RequestLog log, TimeProvider time)
{
    /// <summary>Handles a request.</summary>
    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
        }
        finally
        {
            if (http.Request.Path.StartsWithSegments("/rest") || http.Request.Path.StartsWithSegments("/wiki")) log.Add(http, time.GetUtcNow());
        }
    }
}
