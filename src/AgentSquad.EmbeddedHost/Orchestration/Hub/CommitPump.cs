using System.Collections.Concurrent;

namespace AgentSquad.EmbeddedHost.Orchestration.Hub;

/// <summary>What becomes visible once a record is durable.</summary>
/// <param name="Record">Completes when the log has the record.</param>
/// <param name="Effects">What to do then.</param>
internal readonly record struct PendingCommit(Task Record, Action? Effects);

/// <summary>Waits for records in their order, on a thread of its own, and then lets their effects happen.</summary>
/// <param name="lost">Told when a record did not become durable; nothing happens after it.</param>
/// <param name="failed">Told when an effect threw.</param>
internal sealed class CommitPump(Action<Exception> lost, Action<Exception> failed) : IDisposable
{
#pragma warning disable CA2213 // The thread empties it after this object's end; it has no handle to release.
    private readonly BlockingCollection<PendingCommit> _queue = [];
#pragma warning restore CA2213

    public void Start() => new Thread(Run) { IsBackground = true, Name = "hub commits" }.Start();

    public void Add(PendingCommit commit)
    {
        if (!_queue.IsAddingCompleted) _queue.Add(commit);
    }

    public void Dispose() => _queue.CompleteAdding();

    private void Run()
    {
        foreach (var commit in _queue.GetConsumingEnumerable())
        {
            try
            {
                commit.Record.GetAwaiter().GetResult();
            }
            catch (Exception exception)
            {
                // What was not acknowledged may or may not be in the log: nothing after it may be acted on.
                lost(exception);
                return;
            }

            try
            {
                commit.Effects?.Invoke();
            }
            catch (Exception exception)
            {
                // The record stands; one effect that fails must not take the others along.
                failed(exception);
            }
        }
    }
}
