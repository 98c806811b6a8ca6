using AgentSquad.Cli.LocalSystem;
using AgentSquad.Cli.Output;

namespace AgentSquad.Cli.Demo;

/// <summary>Follows a ticket's run to its end.</summary>
/// <param name="client">The function app.</param>
/// <param name="view">Where the stages are shown.</param>
internal sealed class RunFollower(FunctionAppClient client, IProgressView view)
{
    private int _shown;

    /// <summary>How often one looks; a demo of a single ticket takes seconds, so often.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMilliseconds(150);

    /// <summary>Waits until the run has ended.</summary>
    /// <param name="ticket">Key of the ticket.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <param name="people">What people do meanwhile: a run that has ended may go on for as long as they are not done. Null for nothing.</param>
    /// <returns>The run as last seen: ended, or not when the time was up; null when there never was one.</returns>
    public async Task<TicketRun?> FollowAsync(
        string ticket, TimeSpan timeout, CancellationToken cancellation, Func<CancellationToken, Task>? people = null)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout);
        var story = people?.Invoke(limit.Token) ?? Task.CompletedTask;
        TicketRun? run = null;
        view.Now("Waiting for the webhook to start a run");
        try
        {
            while (true)
            {
                await Task.Delay(Interval, limit.Token);
                var isTold = story.IsCompleted;
                if (isTold) await story;
                run = await client.FindAsync(ticket, limit.Token);
                if (run is null) continue;
                Show(run);
                if (run.HasEnded && isTold) return run;
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return run;
        }
        finally
        {
            await limit.CancelAsync();
            await Task.WhenAny(story);
        }
    }

    private void Show(TicketRun run)
    {
        var stages = run.Stages ?? [];
        var finished = run.HasEnded ? stages.Count : stages.Count - 1;
        for (; _shown < finished; _shown++) view.Done(stages[_shown]);
        if (run.HasEnded || run.Stage is null) return;
        var tasks = run.Tasks ?? [];
        var progress = tasks.Count == 0 ? "" : $", {tasks.Count(t => t.State == "Completed")} of {tasks.Count} tasks done";
        view.Now($"{run.Stage}{progress}{(string.IsNullOrWhiteSpace(run.Detail) ? "" : $": {run.Detail}")}");
    }
}
