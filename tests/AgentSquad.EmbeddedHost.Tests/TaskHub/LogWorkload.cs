using System.Globalization;
using System.Text;
using AgentSquad.EmbeddedHost.TaskHub;
using AgentSquad.EmbeddedHost.TaskHub.Storage;

namespace AgentSquad.EmbeddedHost.Tests.TaskHub;

/// <summary>
/// A small engine over the log: its state is the list of all records. It appends singly and in bursts, takes checkpoints, and crosses
/// segments; afterwards its history can be judged: what was acknowledged is there, once, in its place, and nothing is that was not asked for.
/// </summary>
internal sealed class LogWorkload
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<long, string> _acknowledged = [];
    private readonly HashSet<string> _asked = [];

    private int _next;

    /// <summary>Opens the log and takes over its state, which has to be a legal continuation of everything known so far.</summary>
    public async Task RecoverAsync(CommitLog log, CancellationToken cancellationToken = default)
    {
        var recovery = await log.OpenAsync(cancellationToken).WaitAsync(LogHub.Patience, cancellationToken);
        List<string> state = [];
        if (recovery.Checkpoint is { } content) state.AddRange(Encoding.UTF8.GetString(content.Span).Split(' '));
        Assert.Equal(recovery.CheckpointSequence, state.Count);
        await foreach (var record in recovery.Records)
        {
            Assert.Equal(state.Count + 1, record.Sequence);
            state.Add(Encoding.UTF8.GetString(record.Payload.Span));
        }

        Judge(state);
        Assert.Equal(state.Count, log.LastDurableSequence);
        lock (_gate)
        {
            // What has survived without an acknowledgement counts from now on.
            for (var i = 0; i < state.Count; i++) _acknowledged[i + 1] = state[i];
        }
    }

    /// <summary>Does the same work every time, apart from the records' texts.</summary>
    public async Task RunAsync(CommitLog log)
    {
        for (var i = 0; i < 5; i++) await AppendAsync(log);
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => AppendAsync(log)));
        await CheckpointAsync(log);
        for (var i = 0; i < 4; i++) await AppendAsync(log);
        await CheckpointAsync(log);
        await AppendAsync(log);
    }

    /// <summary>Appends one record; an acknowledged one is remembered.</summary>
    public async Task AppendAsync(CommitLog log)
    {
        string text;
        Task<long> pending;
        lock (_gate)
        {
            text = (++_next).ToString(CultureInfo.InvariantCulture);
            _asked.Add(text);
            pending = log.Append(Encoding.UTF8.GetBytes(text));
        }

        var sequence = await pending.WaitAsync(LogHub.Patience);
        lock (_gate)
        {
            // A successor may have read the record before its writer heard that it is durable.
            if (!_acknowledged.TryAdd(sequence, text)) Assert.Equal(_acknowledged[sequence], text);
        }
    }

    /// <summary>Writes the state as a checkpoint, again after a failure as an engine would.</summary>
    public async Task CheckpointAsync(CommitLog log)
    {
        while (true)
        {
            string content;
            long sequence;
            lock (_gate)
            {
                sequence = log.LastDurableSequence;
                content = string.Join(' ', _acknowledged.Where(entry => entry.Key <= sequence).Select(entry => entry.Value));
            }

            try
            {
                await LogHub.CheckpointAsync(log, sequence, content);
                return;
            }
            catch (HubStorageException)
            {
                if (log.OwnershipLost.IsCancellationRequested) throw;
            }
        }
    }

    private void Judge(List<string> state)
    {
        lock (_gate)
        {
            foreach (var (sequence, text) in _acknowledged)
            {
                Assert.True(sequence <= state.Count, $"{text}, acknowledged as sequence {sequence}, is missing; the log ends with {state.Count}.");
                Assert.Equal(text, state[(int)sequence - 1]);
            }

            Assert.Equal(state.Count, state.Distinct().Count());
            Assert.All(state, text => Assert.Contains(text, _asked));
        }
    }
}
