using System.Text.Json.Serialization;

namespace AgentSquad.Core.Squad;

/// <summary>
/// Custom status of a ticket's run: what tools, the HTTP API and the status comment see of it. Serialized as camelCase JSON; names of
/// stages, roles and states are text, so that old and new readers get along.
/// </summary>
/// <param name="Ticket">Key of the ticket when last read.</param>
/// <param name="IssueId">The ticket's permanent id.</param>
/// <param name="Site">Base address of the site.</param>
/// <param name="Summary">The ticket's one-line summary.</param>
/// <param name="Stage">Name of the stage the run is in; see <see cref="StageNames"/>.</param>
/// <param name="Stages">Names of the stages entered so far, in order.</param>
/// <param name="Tasks">The tasks of the current plan; empty before planning.</param>
/// <param name="Detail">What the run does or waits for, one line; null when the stage says enough.</param>
public sealed record SquadRunStatus(
    string Ticket,
    string IssueId,
    string Site,
    string Summary,
    string Stage,
    IReadOnlyList<string> Stages,
    IReadOnlyList<SquadTaskStatus> Tasks,
    string? Detail = null)
{
    /// <summary>What people decided, oldest first, such as <c>Approve by Rita (reporter)</c>; null when nobody decided anything.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public IReadOnlyList<string>? Decisions { get; init; }

    /// <summary>Whether the run ended without being able to write this on the ticket, so that it has to be written later. Default is false.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsUnwritten { get; init; }

    /// <summary>Id of the run, by which its comments are found; null in statuses that are shown to people, and in old ones.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public string? RunId { get; init; }

    /// <summary>Id of the run's status comment; null while there is none, in statuses that are shown to people, and in old ones.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public string? CommentId { get; init; }
}

/// <summary>One task as the run's status shows it.</summary>
/// <param name="Id">Id within the plan.</param>
/// <param name="Title">One line.</param>
/// <param name="Role">Name of a <see cref="SquadRole"/>.</param>
/// <param name="State">Name of a <see cref="TaskState"/>.</param>
public sealed record SquadTaskStatus(string Id, string Title, string Role, string State);
