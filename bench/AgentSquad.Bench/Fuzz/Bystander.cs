using AgentSquad.Bench.Chaos;
using AgentSquad.Bench.World;

namespace AgentSquad.Bench.Fuzz;

/// <summary>A ticket whose run waits for a human while all this goes on, and that nothing may touch.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Before">What it looked like before.</param>
internal sealed record Bystander(string Key, string Before)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Writes the ticket and waits until the squad asks for approval.</summary>
    public static async Task<Bystander> CreateAsync(LocalWorld world, CancellationToken cancellation)
    {
        var reporter = new Reporter(world);
        var key = await reporter.CreateAsync(Scenario.All.First(scenario => scenario.Ticket.Labels.Contains(Scenario.ApprovalLabel)).Ticket);
        while (!(await reporter.CommentsAsync(key)).Any(comment => Scenario.Asks(comment.Kind))) await Task.Delay(Pause, cancellation);

        // The question is written before the last look of the status comment has settled.
        for (var seen = ""; ; await Task.Delay(4 * Pause, cancellation))
        {
            var now = await StateAsync(world, key, cancellation);
            if (now == seen) return new Bystander(key, now);
            seen = now;
        }
    }

    /// <summary>What has changed since; null when nothing has.</summary>
    public async Task<string?> ChangeAsync(LocalWorld world, CancellationToken cancellation)
    {
        var now = await StateAsync(world, Key, cancellation);
        return now == Before ? null : $"{Before}\nbecame\n{now}";
    }

    private static async Task<string> StateAsync(LocalWorld world, string key, CancellationToken cancellation)
    {
        var reporter = new Reporter(world);
        var run = await world.Runs.FindAsync(key, cancellation);
        var issue = (await reporter.ReadAsync(key)).GetProperty("fields");
        var comments = await reporter.CommentsAsync(key);
        return $"{run?.RunStatus} {run?.Stage} {issue.GetProperty("status").GetProperty("name")}\n{string.Join('\n', comments.Select(comment => $"{comment.Id} {comment.Kind} {comment.Text}"))}";
    }
}
