namespace AgentSquad.Cli.LocalSystem;

/// <summary>A ticket's run as <c>/api/tickets</c> shows it; the last five only for a single ticket.</summary>
internal sealed record TicketRun(
    string Ticket,
    string IssueId,
    string? Site,
    string? Summary,
    string InstanceId,
    string RunStatus,
    string? Stage,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    IReadOnlyList<string>? Stages = null,
    IReadOnlyList<TicketRunTask>? Tasks = null,
    string? Detail = null,
    string? Failure = null,
    TicketRunCost? Cost = null)
{
    private static readonly string[] Final = ["Completed", "Failed", "Terminated", "Canceled"];

    /// <summary>Whether the run has ended.</summary>
    public bool HasEnded => Final.Contains(RunStatus);
}

/// <summary>What a ticket has cost, over all of its runs.</summary>
internal sealed record TicketRunCost(decimal Spent, decimal? Limit, string Currency, long Tokens, long? TokenLimit);

/// <summary>One task of a run.</summary>
internal sealed record TicketRunTask(string Id, string Title, string Role, string State);

/// <summary>What <c>/api/health</c> says.</summary>
/// <param name="Status"><c>healthy</c>, <c>standby</c>, <c>unhealthy</c>, or <c>unreachable</c> when there is no answer.</param>
/// <param name="Version">The app's version.</param>
internal sealed record AppHealth(string Status, string? Version = null);
