namespace AgentSquad.Cli.Demo;

/// <summary>What was asked of a demo.</summary>
/// <param name="Ticket">The ticket to work on.</param>
/// <param name="Json">Whether standard output ends with one JSON line.</param>
/// <param name="Keep">Whether everything is left running.</param>
/// <param name="OneAccount">Whether reporter and squad share one Jira account.</param>
/// <param name="Timeout">How long the run may take.</param>
/// <param name="StateFolder">Where a system that is left running is described.</param>
/// <param name="Agents">Settings of what answers for the squad.</param>
internal sealed record DemoOptions(TicketFile Ticket, bool Json, bool Keep, bool OneAccount, TimeSpan Timeout, string StateFolder, IReadOnlyDictionary<string, string> Agents);
