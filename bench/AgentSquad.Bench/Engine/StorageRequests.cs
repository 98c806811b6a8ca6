using System.Diagnostics.Tracing;

namespace AgentSquad.Bench.Engine;

/// <summary>Counts the HTTP requests that this process sends, at the client: every one goes to storage.</summary>
internal sealed class StorageRequests : EventListener
{
    private const string HttpClientEvents = "System.Net.Http";
    private long _count;

    public long Count => Interlocked.Read(ref _count);

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == HttpClientEvents) EnableEvents(eventSource, EventLevel.Informational);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventName == "RequestStart") Interlocked.Increment(ref _count);
    }
}
