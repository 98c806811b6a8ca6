using System.Text.Json.Serialization;

namespace AgentSquad.Functions.Run;

/// <summary>Input of <see cref="SquadTaskOrchestrator"/>.</summary>
/// <param name="Run">The run.</param>
/// <param name="Policy">The run's settings.</param>
/// <param name="Task">The task.</param>
/// <param name="PlanRound">Number of the plan that the task is part of.</param>
/// <param name="TicketStep">Artifact of the ticket.</param>
/// <param name="PlanStep">Artifact of the plan.</param>
/// <param name="InputSteps">Artifacts of the outputs it builds on.</param>
/// <param name="VerifyStep">Artifact of the verification that sent it back; null the first time.</param>
internal sealed record SquadTaskInput(
    RunRef Run,
    RunPolicy Policy,
    TaskCard Task,
    int PlanRound,
    string TicketStep,
    string PlanStep,
    IReadOnlyList<string> InputSteps,
    string? VerifyStep)
{
    /// <summary>Names of the roles that can be asked.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>Start of the names of the task's steps; differs for each plan and each pass.</summary>
    public string Prefix => $"work/{PlanRound}/{Task.Id}/{Task.Pass}";
}

/// <summary>Result of <see cref="SquadTaskOrchestrator"/>.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="OutputStep">Artifact of the last output; null when there is none.</param>
/// <param name="Rounds">How many rounds it took.</param>
/// <param name="Message">What a person has to know when it is not done, one or two sentences.</param>
internal sealed record SquadTaskResult(
    string TaskId,
    [property: JsonConverter(typeof(JsonStringEnumConverter<SquadTaskOutcome>))] SquadTaskOutcome Outcome,
    string? OutputStep,
    int Rounds,
    string? Message = null)
{
    /// <summary>What only a person can answer, for <see cref="SquadTaskOutcome.NeedsAnswer"/>.</summary>
    public QuestionCard? Question { get; init; }
}

/// <summary>How a task ended.</summary>
internal enum SquadTaskOutcome
{
    /// <summary>Done and approved by its reviewer.</summary>
    Done,

    /// <summary>The reviewer still asks for changes after the last round.</summary>
    NeedsPerson,

    /// <summary>The role has a question that no other role could answer.</summary>
    NeedsAnswer,

    /// <summary>The run was stopped.</summary>
    Stopped,

    /// <summary>An agent could not do it.</summary>
    Failed,

    /// <summary>A budget did not allow to go on; what was done is kept.</summary>
    OutOfBudget,
}
