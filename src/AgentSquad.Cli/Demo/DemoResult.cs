namespace AgentSquad.Cli.Demo;

/// <summary>How a demo ended; the JSON of <c>squad demo --json</c>.</summary>
/// <param name="Ticket">Key of the ticket.</param>
/// <param name="Status">Name of the status that the ticket has in the end.</param>
/// <param name="RunStatus">Name of an <c>OrchestrationRuntimeStatus</c>.</param>
/// <param name="InstanceId">The run's instance id.</param>
/// <param name="DurationMs">Milliseconds from the ticket's creation to the end of its run.</param>
/// <param name="Stages">Stages entered, in order.</param>
/// <param name="Comments">The squad's comments, oldest first.</param>
internal sealed record DemoResult(
    string Ticket,
    string? Status,
    string RunStatus,
    string? InstanceId,
    long DurationMs,
    IReadOnlyList<string> Stages,
    IReadOnlyList<DemoComment> Comments);

/// <summary>One comment of the squad.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Author">Display name.</param>
/// <param name="Kind">status, question, approval, reminder, delivery, failure or reply.</param>
/// <param name="Text">Markdown.</param>
internal sealed record DemoComment(string Id, string Author, string Kind, string Text);
