using System.Text.Json.Serialization;
using AgentSquad.Core.Escalation;
using AgentSquad.Core.Squad;
using AgentSquad.Core.Voice;

namespace AgentSquad.Functions.Run;

/// <summary>What the orchestration needs to know of a ticket; the rest is in the artifact.</summary>
/// <param name="Step">Artifact of the ticket and its conversation.</param>
/// <param name="Key">The ticket's key.</param>
/// <param name="ProjectKey">Key of its project.</param>
/// <param name="Summary">Its summary, at most 200 characters.</param>
/// <param name="StatusName">Name of its status.</param>
/// <param name="Refusal">Why the policy does not admit it; null when it does.</param>
internal sealed record TicketCard(string Step, string Key, string ProjectKey, string Summary, string StatusName, string? Refusal)
{
    /// <summary>What the reading says to the run, because no event will; null when it says nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Signal? Signal { get; init; }
}

/// <summary>What the orchestration needs to know when it opens.</summary>
/// <param name="Policy">The run's settings.</param>
/// <param name="Ended">What to leave on show when nothing is to be done, because the run was told before or must not be; null normally.</param>
/// <param name="Resumed">The state of the ended run to go on from; null for a fresh one.</param>
internal sealed record OpenCard(RunPolicy Policy, SquadRunStatus? Ended, TicketRunState? Resumed = null);

/// <summary>Which run of a ticket began last.</summary>
/// <param name="StartedBy">The delivery that began it, or its last attempt.</param>
/// <param name="RunId">The run; an attempt that goes on with an ended one has that one's id.</param>
/// <param name="Attempt">Number of the attempt.</param>
internal sealed record OpenedRun(string StartedBy, string RunId, int Attempt);

/// <summary>Triage's decision.</summary>
/// <param name="Step">Artifact of the result.</param>
/// <param name="Verdict">The decision.</param>
/// <param name="Reason">Why, one or two sentences.</param>
/// <param name="Questions">How many questions there are.</param>
/// <param name="Fingerprint">Tells whether two triages ask the same.</param>
/// <param name="Reporter">Name of the person to ask.</param>
internal sealed record TriageCard(
    string Step,
    [property: JsonConverter(typeof(JsonStringEnumConverter<TriageVerdict>))] TriageVerdict Verdict,
    string Reason,
    int Questions,
    string Fingerprint = "",
    string Reporter = "the reporter");

/// <summary>A plan's outline.</summary>
/// <param name="Step">Artifact of the plan.</param>
/// <param name="Complexity">1 to 10.</param>
/// <param name="Tasks">Its tasks.</param>
/// <param name="NeedsApproval">Why a person has to decide about it; null when work may start.</param>
internal sealed record PlanCard(string Step, int Complexity, IReadOnlyList<TaskCard> Tasks, string? NeedsApproval = null);

/// <summary>A person was asked.</summary>
/// <param name="CommentId">The comment.</param>
/// <param name="Whom">Who was asked, for the status comment.</param>
internal sealed record AskCard(string CommentId, string Whom);

/// <summary>A task's output.</summary>
/// <param name="Step">Artifact of the output.</param>
/// <param name="Question">What the role has to know first; null when it did the task.</param>
internal sealed record OutputCard(string Step, QuestionCard? Question = null);

/// <summary>A role's question.</summary>
/// <param name="Type">What it is about.</param>
/// <param name="Text">The question, at most 300 characters.</param>
internal sealed record QuestionCard([property: JsonConverter(typeof(JsonStringEnumConverter<QuestionType>))] QuestionType Type, string Text);

/// <summary>What came of asking a role.</summary>
/// <param name="Step">Artifact of the answer.</param>
/// <param name="HasAnswer">Whether the role could help.</param>
internal sealed record AnswerCard(string Step, bool HasAnswer);

/// <summary>A place of a task on its site.</summary>
/// <param name="IsTaken">Whether the task has one.</param>
internal sealed record PlaceCard(bool IsTaken);

/// <summary>What came of putting tasks on the board.</summary>
/// <param name="Ids">Ids of the sub-tasks by task id.</param>
/// <param name="Problem">Why some are missing, a sentence fit for the status comment; null when none are.</param>
internal sealed record SubtasksCard(IReadOnlyDictionary<string, string> Ids, string? Problem);

/// <summary>Where a result can be read.</summary>
/// <param name="Artifacts">What was put there; empty when it could not be.</param>
internal sealed record ArtifactsCard(IReadOnlyList<Artifact> Artifacts);

/// <summary>A review's decision.</summary>
/// <param name="Step">Artifact of the review.</param>
/// <param name="Verdict">The decision.</param>
/// <param name="Reason">The first thing that has to change, at most 300 characters; empty when approved.</param>
internal sealed record ReviewCard(
    string Step,
    [property: JsonConverter(typeof(JsonStringEnumConverter<ReviewVerdict>))] ReviewVerdict Verdict,
    string Reason);

/// <summary>Verification's decision.</summary>
/// <param name="Step">Artifact of the result.</param>
/// <param name="Verdict">The decision.</param>
/// <param name="Summary">One or two sentences.</param>
/// <param name="TasksWithGaps">Ids of the tasks that have to close gaps.</param>
internal sealed record VerifyCard(
    string Step,
    [property: JsonConverter(typeof(JsonStringEnumConverter<VerificationVerdict>))] VerificationVerdict Verdict,
    string Summary,
    IReadOnlyList<string> TasksWithGaps);

/// <summary>What came of asking for a status.</summary>
/// <param name="Problem">Why the ticket is not in that status, a sentence fit for the status comment; null when it is.</param>
internal sealed record StatusCard(string? Problem);
