using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text.Json;
using AgentSquad.Bench.World;
using AgentSquad.Cli.LocalSystem;

namespace AgentSquad.Bench.Chaos;

/// <summary>Plays the people: writes tickets, answers questions, and sees which runs have ended.</summary>
internal sealed class TicketDriver(LocalWorld world)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly Reporter _reporter = new(world);
    private readonly ConcurrentDictionary<string, Scenario> _open = new();
    private readonly Dictionary<string, int> _answered = [];

    /// <summary>Ended runs by the key of their tickets.</summary>
    public ConcurrentDictionary<string, TicketRun> Ended { get; } = new();

    /// <summary>All tickets with their scenarios.</summary>
    public ConcurrentDictionary<string, Scenario> Tickets { get; } = new();

    /// <summary>Writes a ticket.</summary>
    public async Task<string> WriteAsync(Scenario scenario)
    {
        var key = await _reporter.CreateAsync(scenario.Ticket);
        Tickets[key] = scenario;
        _open[key] = scenario;
        return key;
    }

    /// <summary>Answers and looks until every ticket that was written has ended, or until it is told to stop; the app may be away meanwhile.</summary>
    public async Task FollowAsync(Func<bool> isWritten, CancellationToken cancellation)
    {
        while (!isWritten() || !_open.IsEmpty)
        {
            try
            {
                foreach (var (key, scenario) in _open) await AnswerAsync(key, scenario);
                await LookAsync(cancellation);
            }
            catch (Exception e) when (e is HttpRequestException or SocketException or IOException or JsonException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
            {
                // The app is being killed, or the machine is busy; everything is asked again.
            }

            await Task.Delay(Pause, cancellation);
        }
    }

    private async Task AnswerAsync(string key, Scenario scenario)
    {
        var given = _answered.GetValueOrDefault(key);
        if (given == scenario.Answers.Count) return;
        var asked = (await _reporter.CommentsAsync(key)).Count(comment => Scenario.Asks(comment.Kind));
        if (asked <= given) return;
        await _reporter.CommentAsync(key, scenario.Answers[given]);
        _answered[key] = given + 1;
    }

    // One request for all, and one more for each that has ended.
    private async Task LookAsync(CancellationToken cancellation)
    {
        foreach (var ended in (await world.Runs.ListAsync(cancellation)).Where(run => run.HasEnded && _open.ContainsKey(run.Ticket)))
        {
            if (await world.Runs.FindAsync(ended.Ticket, cancellation) is not { HasEnded: true } run) continue;
            Ended[ended.Ticket] = run;
            _open.TryRemove(ended.Ticket, out _);
        }
    }
}
