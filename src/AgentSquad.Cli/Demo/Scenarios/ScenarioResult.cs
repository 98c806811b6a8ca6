namespace AgentSquad.Cli.Demo.Scenarios;

/// <summary>How a scenario ended; the JSON of <c>squad demo --scenario --json</c>.</summary>
/// <param name="Scenario">Its name.</param>
/// <param name="AsExpected">Whether it ended as it has to.</param>
/// <param name="Ticket">Key of the ticket.</param>
/// <param name="Status">Name of the status that the ticket has in the end.</param>
/// <param name="RunStatus">Name of an <c>OrchestrationRuntimeStatus</c>.</param>
/// <param name="InstanceId">The run's instance id.</param>
/// <param name="DurationMs">Milliseconds from the ticket's creation to the end of its story.</param>
/// <param name="Stages">Stages entered, in order.</param>
/// <param name="Comments">The squad's comments, oldest first.</param>
internal sealed record ScenarioResult(
    string Scenario,
    bool AsExpected,
    string Ticket,
    string? Status,
    string RunStatus,
    string? InstanceId,
    long DurationMs,
    IReadOnlyList<string> Stages,
    IReadOnlyList<DemoComment> Comments)
{
    /// <summary>The result of a scenario that ended in a certain way.</summary>
    public static ScenarioResult Of(Scenario scenario, DemoResult demo, bool asExpected) => new(
        scenario.Name, asExpected, demo.Ticket, demo.Status, demo.RunStatus, demo.InstanceId, demo.DurationMs, demo.Stages, demo.Comments);
}
