namespace AgentSquad.Cli.Demo.Scenarios;

/// <summary>How a scenario has to end.</summary>
/// <param name="Status">Name of the status that the ticket has.</param>
/// <param name="RunStatus">Name of an <c>OrchestrationRuntimeStatus</c>.</param>
/// <param name="Stages">Stages entered, in order.</param>
/// <param name="Comments">Kinds of the squad's comments, oldest first: these and no more.</param>
internal sealed record ScenarioEnd(string Status, string RunStatus, IReadOnlyList<string> Stages, IReadOnlyList<string> Comments)
{
    /// <summary>What the last comment of a kind has to say.</summary>
    public IReadOnlyList<(string Kind, string Text)> Says { get; init; } = [];

    /// <summary>Compares an end with this one.</summary>
    /// <param name="result">How it ended.</param>
    /// <returns>One clause per deviation; empty when all is as it has to be.</returns>
    public IReadOnlyList<string> Deviations(DemoResult result)
    {
        var found = new List<string>();
        if (result.Status != Status) found.Add($"the ticket is in '{result.Status}' and not in '{Status}'");
        if (result.RunStatus != RunStatus) found.Add($"the run is {result.RunStatus} and not {RunStatus}");
        if (!result.Stages.SequenceEqual(Stages)) found.Add($"the stages were {List(result.Stages)} and not {List(Stages)}");
        var kinds = result.Comments.Select(comment => comment.Kind).ToList();
        if (!kinds.SequenceEqual(Comments)) found.Add($"the comments are {List(kinds)} and not {List(Comments)}");
        found.AddRange(Says
            .Where(said => result.Comments.LastOrDefault(comment => comment.Kind == said.Kind)?.Text.Contains(said.Text, StringComparison.Ordinal) != true)
            .Select(said => $"no {said.Kind} comment says \"{said.Text}\""));
        return found;
    }

    private static string List(IReadOnlyList<string> names) => names.Count == 0 ? "none" : string.Join(", ", names);
}
