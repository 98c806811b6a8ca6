namespace AgentSquad.Functions.Webhook;

/// <summary>
/// Sends what comes while a message is on its way together in the next one. An event alone is sent at once; under load each queue message
/// carries several, so that sending, taking and deleting cost storage a share of what they would, and the slower storage is, the larger is the share.
/// </summary>
/// <param name="send">Puts one message on the queue.</param>
/// <param name="time">The clock.</param>
internal sealed class EventPacker(Func<BinaryData, Task> send, TimeProvider time)
{
    /// <summary>Most bytes in a message. A message may have 64 KiB, of which Base64 leaves 48.</summary>
    public const int Largest = 47 * 1024;

    // Between the beginnings of messages that are not full: twice what sending takes, so that half of a storage's time is left for everything else,
    // within limits: fifty in a second are enough for events that wait no longer than that for company.
    private const int SpacingBySending = 2;
    private static readonly TimeSpan ShortestSpacing = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestSpacing = TimeSpan.FromMilliseconds(20);

    // At once; more than one only while there is more to send than one message takes.
    private const int Lanes = 4;

    private readonly Lock _lock = new();
    private readonly Queue<Waiting> _waiting = [];
    private int _waitingBytes;
    private int _lanes;

    /// <summary>Sends a written event; returns when the message that carries it is on the queue.</summary>
    /// <param name="written">The event as it is written.</param>
    /// <param name="cancellationToken">Ends the waiting; an event that has not been sent by then will not be.</param>
    public Task SendAsync(BinaryData written, CancellationToken cancellationToken)
    {
        var own = new Waiting(written, cancellationToken);
        lock (_lock)
        {
            _waiting.Enqueue(own);
            _waitingBytes += own.Length;
            if (_lanes == 0 || (_lanes < Lanes && _waitingBytes > Largest))
            {
                _lanes++;
                _ = Task.Run(SendAllAsync, CancellationToken.None);
            }
        }

        return own.Sent.WaitAsync(cancellationToken);
    }

    private async Task SendAllAsync()
    {
        while (Take() is { } pack)
        {
            var started = time.GetTimestamp();
            await SendAsync(pack);
            var took = time.GetElapsedTime(started);
            if (SpacingAfter(took) - took is { Ticks: > 0 } early && !IsFull()) await Task.Delay(early, time);
        }
    }

    /// <summary>How long after the beginning of a message the next one that is not full begins.</summary>
    /// <param name="took">How long sending it took.</param>
    internal static TimeSpan SpacingAfter(TimeSpan took)
    {
        var spacing = SpacingBySending * took;
        return spacing < ShortestSpacing ? ShortestSpacing : spacing > LongestSpacing ? LongestSpacing : spacing;
    }

    private async Task SendAsync(IReadOnlyList<Waiting> pack)
    {
        try
        {
            if (pack.Count > 0) await send(EventMessage.Pack([.. pack.Select(each => each.Written)]));
            foreach (var each in pack) each.Succeed();
        }
#pragma warning disable CA1031 // Whoever waits gets it, whatever it is.
        catch (Exception problem)
#pragma warning restore CA1031
        {
            foreach (var each in pack) each.Fail(problem);
        }
    }

    // What fits into a message; null when there is nothing for this lane to do.
    private List<Waiting>? Take()
    {
        lock (_lock)
        {
            if (_waiting.Count == 0 || (_lanes > 1 && _waitingBytes <= Largest))
            {
                _lanes--;
                return null;
            }

            var (pack, bytes) = (new List<Waiting>(), 1);
            while (_waiting.TryPeek(out var next) && (pack.Count == 0 || bytes + next.Length <= Largest))
            {
                _ = _waiting.Dequeue();
                _waitingBytes -= next.Length;
                if (next.IsGivenUp) continue;
                pack.Add(next);
                bytes += next.Length;
            }

            return pack;
        }
    }

    private bool IsFull()
    {
        lock (_lock) return _waitingBytes > Largest;
    }

    private sealed class Waiting(BinaryData written, CancellationToken givenUp)
    {
        private readonly TaskCompletionSource _sent = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public BinaryData Written => written;

        public Task Sent => _sent.Task;

        public bool IsGivenUp => givenUp.IsCancellationRequested;

        // With the comma or bracket after it.
        public int Length { get; } = written.ToMemory().Length + 1;

        public void Succeed() => _sent.SetResult();

        // Nobody may be waiting any more; that is no reason for an unobserved exception.
        public void Fail(Exception problem)
        {
            _sent.SetException(problem);
            _ = _sent.Task.Exception;
        }
    }
}
