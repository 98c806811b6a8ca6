using System.Text.Json.Serialization;
using AgentSquad.Core.Squad;
using AgentSquad.Functions.Intake;

namespace AgentSquad.Functions.Run;

/// <summary>
/// Everything that a run knows: its input at first, its working memory afterwards, and its input again when it continues as new. Small by
/// design: texts are artifacts, and only their names are here.
/// </summary>
internal sealed class TicketRunState
{
    /// <summary>Id of the delivery that started the run.</summary>
    public required string RunId { get; set; }

    /// <summary>Base address of the site.</summary>
    public required string Site { get; set; }

    /// <summary>The ticket's permanent id.</summary>
    public required string IssueId { get; set; }

    /// <summary>The ticket's key when last read.</summary>
    public required string Key { get; set; }

    /// <summary>Why the run was started, one line.</summary>
    public string Reason { get; set; } = "";

    /// <summary>When the run was started, by the site's clock: what people wrote later is part of the conversation.</summary>
    public DateTimeOffset Since { get; set; }

    /// <summary>The run's settings.</summary>
    public RunPolicy Policy { get; set; } = new();

    /// <summary>The ticket's summary when last read.</summary>
    public string Summary { get; set; } = "";

    /// <summary>Whether the inbox is open and the first reading done.</summary>
    public bool IsOpen { get; set; }

    /// <summary>The stage the run is in.</summary>
    [JsonConverter(typeof(JsonStringEnumConverter<RunStage>))]
    public RunStage Stage { get; set; }

    /// <summary>Names of the stages entered so far.</summary>
    public List<string> Stages { get; set; } = [];

    /// <summary>Artifact of the ticket as last read.</summary>
    public string TicketStep { get; set; } = "";

    /// <summary>How often the ticket was read.</summary>
    public int Readings { get; set; }

    /// <summary>How often triage judged.</summary>
    public int TriageRound { get; set; }

    /// <summary>Artifact of the last triage.</summary>
    public string TriageStep { get; set; } = "";

    /// <summary>How many plans were made.</summary>
    public int PlanRound { get; set; }

    /// <summary>Artifact of the current plan.</summary>
    public string PlanStep { get; set; } = "";

    /// <summary>The tasks of the current plan.</summary>
    public List<TaskCard> Tasks { get; set; } = [];

    /// <summary>How often the result was verified.</summary>
    public int VerifyRound { get; set; }

    /// <summary>Artifact of the last verification.</summary>
    public string VerifyStep { get; set; } = "";

    /// <summary>What the run does or waits for, one line.</summary>
    public string? Detail { get; set; }

    /// <summary>Id of the status comment.</summary>
    public string? StatusCommentId { get; set; }

    /// <summary>When the status comment was last written.</summary>
    public DateTime StatusWritten { get; set; }

    /// <summary>Delivery ids that the run has acted on and the inbox does not know of yet.</summary>
    public List<string> Acknowledge { get; set; } = [];

    /// <summary>The state of a run that an event starts.</summary>
    public static TicketRunState Start(InboxEvent entry, string site) => new()
    {
        RunId = entry.DeliveryId,
        Site = site,
        IssueId = entry.Event.TicketId ?? throw new ArgumentException("The event names no ticket.", nameof(entry)),
        Key = entry.Event.TicketKey ?? "",
        Reason = entry.Reason,
        Since = entry.At,
    };

    /// <summary>The run as tools and the status comment show it.</summary>
    public SquadRunStatus ToStatus() => new(
        Key, IssueId, Site, Summary, StageNames.Of(Stage), [.. Stages],
        [.. Tasks.Select(task => new SquadTaskStatus(task.Id, task.Title, task.Role.ToString(), task.State.ToString()))], Detail);
}
