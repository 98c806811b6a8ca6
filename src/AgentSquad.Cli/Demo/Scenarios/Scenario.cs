namespace AgentSquad.Cli.Demo.Scenarios;

/// <summary>A ticket's story with people in it, and how it has to end.</summary>
/// <param name="Name">Name on the command line.</param>
/// <param name="About">What happens, one clause.</param>
/// <param name="Ticket">The ticket.</param>
/// <param name="Play">What people do from the ticket's creation on; they look at the ticket alone, as people do.</param>
/// <param name="End">How it has to end.</param>
internal sealed record Scenario(string Name, string About, TicketFile Ticket, Func<Scene, Task> Play, ScenarioEnd End)
{
    /// <summary>Key of the ticket's project.</summary>
    public string Project { get; init; } = "TEST";

    /// <summary>What is arranged between the ticket's creation and the label that starts the run; null creates the ticket with the label.</summary>
    public Func<Scene, Task>? Prepare { get; init; }

    /// <summary>Whether a recording of the scenario also holds the history of a task.</summary>
    public bool RecordsTask { get; init; }
}
