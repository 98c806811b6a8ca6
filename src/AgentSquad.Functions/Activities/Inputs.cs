using System.Text.Json.Serialization;
using AgentSquad.Core.Squad;
using AgentSquad.Core.Voice;
using AgentSquad.Functions.Run;

namespace AgentSquad.Functions.Activities;

/// <summary>Input of <see cref="RunActivities.OpenRun"/>.</summary>
internal sealed record OpenInput(RunRef Run, string Key);

/// <summary>Input of <see cref="RunActivities.CloseRun"/>.</summary>
internal sealed record CloseInput(RunRef Run, string Site, SquadRunStatus Ended);

/// <summary>Input of <see cref="RunActivities.ReadInbox"/>.</summary>
/// <param name="Run">The run.</param>
/// <param name="Acknowledge">Delivery ids that the run has acted on.</param>
internal sealed record InboxInput(RunRef Run, IReadOnlyList<string> Acknowledge);

/// <summary>Input of <see cref="TicketActivities.ReadTicket"/>.</summary>
/// <param name="Run">The run.</param>
/// <param name="Reading">1 for the first time.</param>
/// <param name="Since">When the run was started.</param>
internal sealed record ReadInput(RunRef Run, int Reading, DateTimeOffset Since);

/// <summary>Input of <see cref="AgentActivities.Triage"/>.</summary>
internal sealed record TriageInput(RunRef Run, string TicketStep, int Round);

/// <summary>Input of <see cref="AgentActivities.Plan"/>.</summary>
internal sealed record PlanInput(RunRef Run, string TicketStep, string TriageStep, int Round, string? Revision);

/// <summary>Input of <see cref="AgentActivities.Implement"/>.</summary>
/// <param name="Task">The task.</param>
/// <param name="Round">1 for the first try.</param>
/// <param name="ReviewSteps">Artifacts of the reviews that asked for changes in this pass.</param>
internal sealed record ImplementInput(SquadTaskInput Task, int Round, IReadOnlyList<string> ReviewSteps);

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
internal sealed record DeliveryInput(
    RunRef Run, string TriageStep, string PlanStep, IReadOnlyList<string> OutputSteps, string VerifyStep);

/// <summary>Input of <see cref="CommentActivities.PublishFailure"/>.</summary>
/// <param name="Run">The run.</param>
/// <param name="Stage">Where it happened.</param>
/// <param name="What">What happened.</param>
/// <param name="Kept">What is kept.</param>
/// <param name="WhatToDo">What a person can do; null for the usual advice.</param>
internal sealed record FailureInput(
    RunRef Run,
    [property: JsonConverter(typeof(JsonStringEnumConverter<RunStage>))] RunStage Stage,
    string What,
    IReadOnlyList<string> Kept,
    string? WhatToDo);

/// <summary>Input of <see cref="TicketActivities.EnsureStatus"/>.</summary>
internal sealed record StatusNameInput(RunRef Run, string StatusName);
