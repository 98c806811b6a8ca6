using AgentSquad.EmbeddedHost.Orchestration.History;
using Microsoft.DurableTask;

namespace AgentSquad.EmbeddedHost.Orchestration.Execution;

/// <summary>
/// An orchestration's external events: those that wait for someone to take them, and those that someone waits for. Names compare without
/// case. The newest waiter is served first, as the official SDK does, so that a wait abandoned in a WhenAny loop takes nothing; a
/// cancelled wait takes nothing either.
/// </summary>
internal sealed class ExternalEvents(DataConverter converter, Func<Payload, string?> resolve)
{
    private readonly Dictionary<string, List<Waiter>> _waiters = new(StringComparer.OrdinalIgnoreCase);
    private readonly LinkedList<HistoryEvent> _buffer = new();

    /// <summary>Whether anyone waits.</summary>
    public bool HasWaiters => _waiters.Count > 0;

    /// <summary>Events that nobody has taken, oldest first.</summary>
    public IEnumerable<HistoryEvent> Buffered => _buffer;

    public Task<T> Wait<T>(string name, CancellationToken token)
    {
        if (_waiters.TryGetValue(name, out var others) && others[^1].Type != typeof(T))
        {
            throw new ArgumentException(
                $"Events with the same name must have the same type. Expected {others[^1].Type.FullName} but was requested {typeof(T).FullName}.");
        }

        if (token.IsCancellationRequested) return Task.FromCanceled<T>(token);
        var pending = new PendingTask<T>(name, converter);
        if (TakeBuffered(name) is { } early)
        {
            pending.Complete(resolve(early.Data));
            return pending.Task;
        }

        var waiter = new Waiter(typeof(T), pending);
        if (others is null) _waiters.Add(name, others = []);
        others.Add(waiter);
        if (token.CanBeCanceled)
        {
            waiter.Registration = token.UnsafeRegister(
                _ =>
                {
                    Remove(name, waiter);
                    pending.Cancel(token);
                },
                null);
        }

        return pending.Task;
    }

    /// <summary>Keeps an event that came when nobody could take it any more.</summary>
    public void Keep(HistoryEvent raised) => _buffer.AddLast(raised);

    public void Raise(HistoryEvent raised)
    {
        if (!_waiters.TryGetValue(raised.Name!, out var waiters))
        {
            _buffer.AddLast(raised);
            return;
        }

        var waiter = waiters[^1];
        Remove(raised.Name!, waiter);
        waiter.Registration.Unregister();
        waiter.Pending.Complete(resolve(raised.Data));
    }

    private HistoryEvent? TakeBuffered(string name)
    {
        for (var node = _buffer.First; node is not null; node = node.Next)
        {
            if (!string.Equals(node.Value.Name, name, StringComparison.OrdinalIgnoreCase)) continue;
            _buffer.Remove(node);
            return node.Value;
        }

        return null;
    }

    private void Remove(string name, Waiter waiter)
    {
        if (!_waiters.TryGetValue(name, out var waiters)) return;
        waiters.Remove(waiter);
        if (waiters.Count == 0) _waiters.Remove(name);
    }

    private sealed class Waiter(Type type, PendingTask pending)
    {
        public Type Type => type;

        public PendingTask Pending => pending;

        public CancellationTokenRegistration Registration { get; set; }
    }
}
