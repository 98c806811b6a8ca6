using AgentSquad.Cli.LocalSystem;
using AgentSquad.Cli.Output;

namespace AgentSquad.Cli.Demo;

/// <summary>Follows a ticket's run to its end.</summary>
/// <param name="client">The function app.</param>
/// <param name="view">Where the stages are shown.</param>
internal sealed class RunFollower(FunctionAppClient client, IProgressView view)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(150);

    private int _shown;

    /// <summary>Waits until the run has ended.</summary>
    /// <param name="ticket">Key of the ticket.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The run as last seen: ended, or not when the time was up; null when there never was one.</returns>
    public async Task<TicketRun?> FollowAsync(string ticket, TimeSpan timeout, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout);
        TicketRun? run = null;
        view.Now("Waiting for the webhook to start a run");
        try
        {
            while (true)
            {
                await Task.Delay(Interval, limit.Token);
                run = await client.FindAsync(ticket, limit.Token);
                if (run is null) continue;
                Show(run);
                if (run.HasEnded) return run;
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return run;
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
