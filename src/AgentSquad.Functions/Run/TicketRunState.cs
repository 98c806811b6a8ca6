using System.Text.Json.Serialization;
using AgentSquad.Core.Commands;
using AgentSquad.Core.Squad;
using AgentSquad.Core.Tickets;
using AgentSquad.Functions.Intake;

namespace AgentSquad.Functions.Run;

/// <summary>
/// Everything that a run knows: its input at first, its working memory afterwards, and its input again when it continues as new. Small by
/// design: texts are artifacts, and only their names are here.
/// </summary>
internal sealed class TicketRunState
{
    /// <summary>Id of the inbox's entry that started the run.</summary>
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

    /// <summary>
    /// Whether the inbox has to be read first, because a fresh history begins. False for histories that began before it was so.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool HasContinued { get; set; }

    /// <summary>The stage the run is in.</summary>
    [JsonConverter(typeof(JsonStringEnumConverter<RunStage>))]
    public RunStage Stage { get; set; }

    /// <summary>Names of the stages entered so far.</summary>
    public List<string> Stages { get; set; } = [];

    /// <summary>Artifact of the ticket as last read.</summary>
    public string TicketStep { get; set; } = "";

    /// <summary>How often the ticket was read.</summary>
    public int Readings { get; set; }

    /// <summary>Whether the next reading is taken as it is: whoever had a run go on that had ended knows what became of the ticket.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool TakesAsRead { get; set; }

    /// <summary>Why the ticket was taken away, when that has held the run since the last reading; the next one does not hold it again.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public string? HeldFor { get; set; }

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

    /// <summary>
    /// Id of the delivery that began this stretch of the run. Differs from <see cref="RunId"/> after a retry: the run keeps its id, so that
    /// its comments stay its own.
    /// </summary>
    public string StartedBy { get; set; } = "";

    /// <summary>The comment that began this stretch, to be judged before anything else; null when it was none.</summary>
    public string? StartComment { get; set; }

    /// <summary>Whether the trigger label started the run.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsByLabel { get; set; }

    /// <summary>Whether the stretch continues a run that had ended.</summary>
    public bool IsRetry { get; set; }

    /// <summary>How often the run was begun: 1, and one more for each retry.</summary>
    public int Attempt { get; set; } = 1;

    /// <summary>The stage in which the run ended without a result, to go on from there.</summary>
    [JsonConverter(typeof(JsonStringEnumConverter<RunStage>))]
    public RunStage EndedIn { get; set; }

    /// <summary>Who or what holds the run, a clause; null when it is not paused.</summary>
    public string? Paused { get; set; }

    /// <summary>Which limit of the budget holds the run, and nobody was told of yet; null when none does.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public string? OutOfBudget { get; set; }

    /// <summary>How often people were asked to extend the budget.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int BudgetRequests { get; set; }

    /// <summary>Whether the run is paused because of its budget.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool WaitsForBudget { get; set; }

    /// <summary>What the run waits for people to do; null when it does not.</summary>
    public Wait? Wait { get; set; }

    /// <summary>What a person decided while the run waited for it.</summary>
    public Decision? Decision { get; set; }

    /// <summary>Whether people wrote on the ticket since it was last read.</summary>
    public bool HasNotes { get; set; }

    /// <summary>Whether what the ticket asks for was edited since it was last read.</summary>
    public bool WasEdited { get; set; }

    /// <summary>What the last triage found open.</summary>
    public Questions? Questions { get; set; }

    /// <summary>How often questions were asked.</summary>
    public int Clarifications { get; set; }

    /// <summary>What the last verification decided.</summary>
    public VerifyCard? Verified { get; set; }

    /// <summary>Whether verification has sent tasks back before.</summary>
    public bool SentBack { get; set; }

    /// <summary>Who decided what, for the record.</summary>
    public List<string> Decisions { get; set; } = [];

    /// <summary>Why a person asked for another plan.</summary>
    public string? Revision { get; set; }

    /// <summary>Names of the statuses that the run has moved the ticket to: what it did itself is nobody else's doing.</summary>
    public List<string> MovedTo { get; set; } = [];

    /// <summary>Artifact of the triage whose specification was written back; empty when none was.</summary>
    public string Specified { get; set; } = "";

    /// <summary>Whether the run's end could not be written on the ticket.</summary>
    public bool IsUnwritten { get; set; }

    /// <summary>Delivery ids that the run has acted on and the inbox does not know of yet.</summary>
    public List<string> Acknowledge { get; set; } = [];

    /// <summary>The state of a run that an event starts.</summary>
    public static TicketRunState Start(InboxEvent entry, string site) => new()
    {
        RunId = entry.DeliveryId,
        StartedBy = entry.DeliveryId,
        // Whatever in a comment starts a run: the event's text is a claim, and anyone may write a comment, the squad included.
        StartComment = entry.Event.Kind == TicketEventKind.CommentCreated ? entry.Event.Comment?.Id : null,
        IsByLabel = entry.IsByLabel,
        IsRetry = entry.Operator?.Command == CommandKind.Retry || entry.IsRetry,
        Site = site,
        IssueId = entry.Event.TicketId ?? throw new ArgumentException("The event names no ticket.", nameof(entry)),
        Key = entry.Event.TicketKey ?? "",
        Reason = entry.Reason,
        Since = entry.At,
    };

    /// <summary>Goes on as a run that ended, with its work intact.</summary>
    public TicketRunState Resume(TicketRunState ended)
    {
        var resumed = (TicketRunState)ended.MemberwiseClone();
        resumed.StartedBy = StartedBy;
        resumed.StartComment = null;
        resumed.IsRetry = false;
        resumed.Attempt++;
        // Questions that nobody answered are not asked again before the ticket was read again.
        resumed.Stage = ended.EndedIn == RunStage.Clarify ? RunStage.Triage : ended.EndedIn;
        resumed.IsOpen = true;
        resumed.Paused = null;
        (resumed.OutOfBudget, resumed.WaitsForBudget) = (null, false);
        resumed.Wait = null;
        resumed.Decision = null;
        resumed.Detail = null;
        resumed.Acknowledge = [];
        resumed.IsUnwritten = false;
        resumed.HasNotes = true;
        // A task that came to nothing is done again from its start; the others keep what they have.
        resumed.Tasks = [.. ended.Tasks.Select(task => task.State switch
        {
            TaskState.Completed or TaskState.Pending => task,
            _ => task with { State = TaskState.Pending, Pass = task.Pass + 1, Question = null },
        })];
        return resumed;
    }

    /// <summary>The run as tools and the status comment show it.</summary>
    public SquadRunStatus ToStatus() => new(
        Key, IssueId, Site, Summary, StageNames.Of(Stage), [.. Stages],
        [.. Tasks.Select(task => new SquadTaskStatus(task.Id, task.Title, task.Role.ToString(), task.State.ToString()))],
        Paused is null ? Detail : $"Paused: {Paused}. `/squad resume` continues.")
    {
        Decisions = Decisions.Count > 0 ? [.. Decisions] : null,
        IsUnwritten = IsUnwritten,
    };
}
