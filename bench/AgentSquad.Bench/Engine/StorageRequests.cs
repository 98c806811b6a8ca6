using System.Diagnostics.Tracing;

namespace AgentSquad.Bench.Engine;

/// <summary>Counts the HTTP requests that this process sends, at the client: every one goes to storage.</summary>
internal sealed class StorageRequests : EventListener
{
    private const string HttpClientEvents = "System.Net.Http";

    // The events hide the query, so that an append is known by its blob only. A renewal of the lease, every 5 s, looks the same.
    private const string Segments = "-log/log/";
    private long _count;
    private long _appends;

    /// <summary>Requests so far.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>Those among them that go to the log.</summary>
    public long Appends => Interlocked.Read(ref _appends);

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == HttpClientEvents) EnableEvents(eventSource, EventLevel.Informational);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventName != "RequestStart") return;
        Interlocked.Increment(ref _count);

        // Payload: scheme, host, port, path, ...
        if (eventData.Payload is [_, _, _, string path, ..] && path.Contains(Segments, StringComparison.Ordinal)) Interlocked.Increment(ref _appends);
    }
}
