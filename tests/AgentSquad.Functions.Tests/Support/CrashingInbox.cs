using AgentSquad.Functions.Intake;

namespace AgentSquad.Functions.Tests.Support;

/// <summary>Dies before or after one of its calls, as a killed process does.</summary>
internal sealed class CrashingInbox(IInbox inner) : IInbox
{
    public int Calls { get; private set; }

    public int CrashAt { get; init; }

    public bool AfterTheCall { get; init; }

    public Task<InboxProgress> AddAsync(string instanceId, InboxEvent entry, CancellationToken cancellationToken) =>
        CallAsync(() => inner.AddAsync(instanceId, entry, cancellationToken));

    public Task<InboxProgress> ProgressAsync(string instanceId, string deliveryId, CancellationToken cancellationToken) =>
        CallAsync(() => inner.ProgressAsync(instanceId, deliveryId, cancellationToken));

    public Task HandledAsync(string instanceId, string deliveryId, CancellationToken cancellationToken) => CallAsync(async () =>
    {
        await inner.HandledAsync(instanceId, deliveryId, cancellationToken);
        return true;
    });

    public Task<bool> ClaimWakeAsync(string instanceId, string deliveryId, CancellationToken cancellationToken) =>
        CallAsync(() => inner.ClaimWakeAsync(instanceId, deliveryId, cancellationToken));

    public Task<bool> IsClosedAsync(string instanceId, CancellationToken cancellationToken) =>
        CallAsync(() => inner.IsClosedAsync(instanceId, cancellationToken));

    public Task<bool> OpenAsync(string instanceId, string runId, CancellationToken cancellationToken) =>
        CallAsync(() => inner.OpenAsync(instanceId, runId, cancellationToken));

    public Task<IReadOnlyList<InboxEvent>> ReadAsync(
        string instanceId, IReadOnlyList<string> acknowledged, int limit, CancellationToken cancellationToken) =>
        CallAsync(() => inner.ReadAsync(instanceId, acknowledged, limit, cancellationToken));

    public Task<InboxEvent?> CloseAsync(string instanceId, string runId, Func<InboxEvent, bool> starts, CancellationToken cancellationToken) =>
        CallAsync(() => inner.CloseAsync(instanceId, runId, starts, cancellationToken));

    public Task<int> PurgeAsync(DateTimeOffset before, CancellationToken cancellationToken) =>
        CallAsync(() => inner.PurgeAsync(before, cancellationToken));

    private async Task<T> CallAsync<T>(Func<Task<T>> call)
    {
        Calls++;
        if (Calls == CrashAt && !AfterTheCall) throw new IOException("killed");
        var result = await call();
        if (Calls == CrashAt) throw new IOException("killed");
        return result;
    }
}
