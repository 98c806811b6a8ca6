namespace AgentSquad.Core.Commands;

/// <summary>A command that a person gave on a ticket, or an operator over HTTP.</summary>
/// <param name="Kind">What to do.</param>
/// <param name="Reason">The text after <c>revise</c>; null for other commands.</param>
/// <param name="Amount">The amount after <c>extend</c>, in the budget's currency, greater than zero; null for other commands.</param>
public sealed record SquadCommand(CommandKind Kind, string? Reason = null, decimal? Amount = null);

/// <summary>The commands of the squad.</summary>
public enum CommandKind
{
    /// <summary>Start a run.</summary>
    Start,

    /// <summary>Say where the run stands.</summary>
    Status,

    /// <summary>Let the plan go to work.</summary>
    Approve,

    /// <summary>Ask for another plan, with the reason.</summary>
    Revise,

    /// <summary>Continue a failed run from its last good step.</summary>
    Retry,

    /// <summary>Hold the run before its next step.</summary>
    Pause,

    /// <summary>Continue a paused run.</summary>
    Resume,

    /// <summary>End the run.</summary>
    Stop,

    /// <summary>Raise the run's budget by an amount.</summary>
    Extend,

    /// <summary>List the commands.</summary>
    Help,
}
