namespace AgentSquad.Functions.Run;

/// <summary>Names a run to activities.</summary>
/// <param name="InstanceId">Instance id; the same for all runs of a ticket.</param>
/// <param name="RunId">Id of the delivery that started the run: tells one run of a ticket from the next.</param>
/// <param name="IssueId">The ticket's permanent id.</param>
/// <param name="Attempt">How often the run was begun: what the last attempt was told does not hold for the next.</param>
internal sealed record RunRef(string InstanceId, string RunId, string IssueId, int Attempt = 1)
{
    /// <summary>Deterministic key of a step or effect, unique among all runs of the ticket.</summary>
    public string Key(string step) => $"{RunId[..Math.Min(12, RunId.Length)]}/{step}";
}
