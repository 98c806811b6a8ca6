using System.Text.Json.Serialization;
using AgentSquad.Core.Escalation;
using AgentSquad.Core.Squad;
using AgentSquad.Core.Voice;
using AgentSquad.Functions.Run;

namespace AgentSquad.Functions.Activities;

/// <summary>Input of <see cref="RunActivities.OpenRun"/>.</summary>
/// <param name="Run">The run.</param>
/// <param name="StartedBy">The delivery that began it.</param>
/// <param name="Key">The ticket's key, when known.</param>
/// <param name="CommentId">The comment that began it; null when it was none.</param>
/// <param name="IsRetry">Whether to go on from where the last run ended.</param>
internal sealed record OpenInput(RunRef Run, string StartedBy, string Key, string? CommentId, bool IsRetry);

/// <summary>Input of <see cref="RunActivities.CloseRun"/>.</summary>
/// <param name="Run">The run.</param>
/// <param name="StartedBy">The delivery that began it.</param>
/// <param name="Site">Base address of the site.</param>
/// <param name="Ended">How it ended; null when it was not told.</param>
internal sealed record CloseInput(RunRef Run, string StartedBy, string Site, TicketRunState? Ended);

/// <summary>Input of <see cref="RunActivities.ReadInbox"/>.</summary>
/// <param name="Run">The run.</param>
/// <param name="Acknowledge">Delivery ids that the run has acted on.</param>
/// <param name="TicketStep">Artifact of the ticket as the run knows it; empty before the first reading.</param>
/// <param name="MovedTo">Names of the statuses that the run has moved the ticket to.</param>
internal sealed record InboxInput(RunRef Run, IReadOnlyList<string> Acknowledge, string TicketStep, IReadOnlyList<string> MovedTo)
{
    /// <summary>Whether to look at the ticket as well for what no event has told of yet.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool LooksAtSite { get; init; }
}

/// <summary>Input of <see cref="TicketActivities.ReadTicket"/>.</summary>
/// <param name="Run">The run.</param>
/// <param name="Reading">1 for the first time.</param>
/// <param name="Since">When the run was started.</param>
internal sealed record ReadInput(RunRef Run, int Reading, DateTimeOffset Since)
{
    /// <summary>Whether the trigger label started the run.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsByLabel { get; init; }

    /// <summary>Artifact of the reading to compare with; null when there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public string? Before { get; init; }

    /// <summary>Names of the statuses that the run has moved the ticket to, for the comparison.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public IReadOnlyList<string>? MovedTo { get; init; }
}

/// <summary>Input of <see cref="AgentActivities.Triage"/>.</summary>
internal sealed record TriageInput(RunRef Run, string TicketStep, int Round);

/// <summary>Input of <see cref="AgentActivities.Plan"/>.</summary>
internal sealed record PlanInput(RunRef Run, string TicketStep, string TriageStep, int Round, string? Revision);

/// <summary>Input of <see cref="AgentActivities.Implement"/>.</summary>
/// <param name="Task">The task.</param>
/// <param name="Round">1 for the first try.</param>
/// <param name="ReviewSteps">Artifacts of the reviews that asked for changes in this pass.</param>
/// <param name="AnswerSteps">Artifacts of the answers to the role's questions in this pass.</param>
internal sealed record ImplementInput(SquadTaskInput Task, int Round, IReadOnlyList<string> ReviewSteps, IReadOnlyList<string> AnswerSteps);

/// <summary>Input of <see cref="AgentActivities.Answer"/>.</summary>
/// <param name="Task">The task.</param>
/// <param name="QuestionStep">Artifact of the output that asks.</param>
/// <param name="Responder">Who is asked.</param>
/// <param name="Number">1 for the task's first question.</param>
internal sealed record AnswerInput(
    SquadTaskInput Task,
    string QuestionStep,
    [property: JsonConverter(typeof(JsonStringEnumConverter<SquadRole>))] SquadRole Responder,
    int Number);

/// <summary>Input of <see cref="OrderActivities.GiveOrder"/>.</summary>
internal sealed record OrderInput(RunRef Run, [property: JsonConverter(typeof(JsonStringEnumConverter<RunOrder>))] RunOrder Order);

/// <summary>Input of <see cref="PlaceActivities"/>.</summary>
/// <param name="Run">The run.</param>
/// <param name="Holder">Instance id of the task.</param>
/// <param name="Limit">How many places the site has.</param>
internal sealed record PlaceInput(RunRef Run, string Holder, int Limit);

/// <summary>Input of <see cref="BoardActivities.EnsureSubtasks"/>.</summary>
/// <param name="Run">The run.</param>
/// <param name="Key">The ticket's key.</param>
/// <param name="PlanStep">Artifact of the plan.</param>
/// <param name="PlanRound">Number of the plan.</param>
internal sealed record SubtasksInput(RunRef Run, string Key, string PlanStep, int PlanRound);

/// <summary>Input of <see cref="BoardActivities.MoveSubtasks"/>.</summary>
/// <param name="Run">The run.</param>
/// <param name="Statuses">Names of the statuses by id of the sub-task.</param>
internal sealed record MoveSubtasksInput(RunRef Run, IReadOnlyDictionary<string, string> Statuses);

/// <summary>Input of <see cref="DeliveryActivities.WriteSpecification"/>.</summary>
internal sealed record SpecificationInput(RunRef Run, string TicketStep, string TriageStep);

/// <summary>Input of <see cref="CommentActivities.PublishTaskQuestion"/>.</summary>
/// <param name="Run">The run.</param>
/// <param name="TicketStep">Artifact of the ticket.</param>
/// <param name="Topic">What it is about; part of the comment's key.</param>
/// <param name="Task">The task whose role asks.</param>
internal sealed record TaskQuestionInput(RunRef Run, string TicketStep, string Topic, TaskCard Task);

/// <summary>Input of <see cref="AgentActivities.Review"/>.</summary>
internal sealed record ReviewInput(SquadTaskInput Task, int Round, string OutputStep);

/// <summary>Input of <see cref="AgentActivities.Verify"/>.</summary>
internal sealed record VerifyInput(
    RunRef Run, string TicketStep, string TriageStep, string PlanStep, IReadOnlyList<string> OutputSteps, int Round);

/// <summary>Input of <see cref="CommentActivities.PublishStatus"/>.</summary>
/// <param name="Run">The run.</param>
/// <param name="Status">What to show.</param>
/// <param name="CommentId">The status comment; null when it was not written yet.</param>
/// <param name="Waiting">Whom the run waits for.</param>
internal sealed record StatusInput(RunRef Run, SquadRunStatus Status, string? CommentId, Waiting? Waiting);

/// <summary>Input of <see cref="CommentActivities.PublishQuestions"/>.</summary>
internal sealed record QuestionsInput(RunRef Run, string TicketStep, string TriageStep, int Round);

/// <summary>Input of <see cref="CommentActivities.PublishDelivery"/>.</summary>
/// <param name="Run">The run.</param>
/// <param name="TicketStep">Artifact of the ticket.</param>
/// <param name="TriageStep">Artifact of the triage.</param>
/// <param name="PlanStep">Artifact of the plan.</param>
/// <param name="OutputSteps">Artifacts of the tasks' outputs.</param>
/// <param name="VerifyStep">Artifact of the verification.</param>
internal sealed record DeliveryInput(
    RunRef Run, string TicketStep, string TriageStep, string PlanStep, IReadOnlyList<string> OutputSteps, string VerifyStep)
{
    /// <summary>Where the outputs can be read in full.</summary>
    public IReadOnlyList<Artifact> Artifacts { get; init; } = [];
}

/// <summary>Input of <see cref="CommentActivities.PublishFailure"/>.</summary>
/// <param name="Run">The run.</param>
/// <param name="Stage">Where it happened.</param>
/// <param name="What">What happened.</param>
/// <param name="Kept">What is kept.</param>
/// <param name="WhatToDo">What a person can do; null for the usual advice.</param>
/// <param name="Attempt">How often the run was begun.</param>
internal sealed record FailureInput(
    RunRef Run,
    [property: JsonConverter(typeof(JsonStringEnumConverter<RunStage>))] RunStage Stage,
    string What,
    IReadOnlyList<string> Kept,
    string? WhatToDo,
    int Attempt);

/// <summary>Input of <see cref="TicketActivities.EnsureStatus"/>.</summary>
internal sealed record StatusNameInput(RunRef Run, string StatusName);

/// <summary>Input of <see cref="CommentActivities.PublishApproval"/>.</summary>
internal sealed record ApprovalInput(RunRef Run, string TicketStep, string PlanStep, int Round, DateTimeOffset Until);

/// <summary>Input of <see cref="CommentActivities.PublishDecisionRequest"/>.</summary>
/// <param name="Run">The run.</param>
/// <param name="TicketStep">Artifact of the ticket.</param>
/// <param name="Topic">What it is about; part of the comment's key.</param>
/// <param name="Problem">What the squad cannot settle.</param>
internal sealed record DecisionInput(RunRef Run, string TicketStep, string Topic, string Problem);

/// <summary>Input of <see cref="CommentActivities.PublishReminder"/>.</summary>
internal sealed record ReminderInput(
    RunRef Run,
    string TicketStep,
    Wait Wait,
    [property: JsonConverter(typeof(JsonStringEnumConverter<WaitingStepKind>))] WaitingStepKind Kind,
    int Number,
    DateTimeOffset Now,
    ReminderOptions Times);

/// <summary>Input of <see cref="CommentActivities.PublishReply"/>.</summary>
/// <param name="Run">The run; filled in by whoever calls the activity.</param>
/// <param name="CommentId">The comment to answer.</param>
/// <param name="Text">The answer; null shows where the run stands.</param>
/// <param name="Status">Where the run stands.</param>
/// <param name="Waiting">Whom it waits for.</param>
internal sealed record ReplyInput(RunRef? Run, string CommentId, string? Text, SquadRunStatus? Status, Waiting? Waiting);
