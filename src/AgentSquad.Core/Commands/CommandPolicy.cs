using AgentSquad.Core.Approval;
using AgentSquad.Core.Squad;
using AgentSquad.Core.Tickets;

namespace AgentSquad.Core.Commands;

/// <summary>Who may give which command, and when it fits.</summary>
public sealed record CommandPolicy
{
    /// <summary>The defaults.</summary>
    public static CommandPolicy Default { get; } = new();

    /// <summary>Who may approve a plan or ask for another. Default is the reporter or the assignee.</summary>
    public DecisionRight Decide { get; init; } = DecisionRight.Default;

    /// <summary>Who may start, stop, pause, resume, retry and extend. Default is the reporter or the assignee.</summary>
    public DecisionRight Control { get; init; } = DecisionRight.Default;

    /// <summary>Whether an operator may approve over HTTP. Default is false: approval is a person's act on the ticket.</summary>
    public bool OperatorsMayApprove { get; init; }

    /// <summary>The right that a command asks for; null for commands that everyone who can comment may give.</summary>
    public DecisionRight? RightFor(CommandKind kind) => kind switch
    {
        CommandKind.Approve or CommandKind.Revise => Decide,
        CommandKind.Status or CommandKind.Help => null,
        _ => Control,
    };

    /// <summary>Judges whether a person may give a command on a ticket.</summary>
    /// <param name="kind">The command.</param>
    /// <param name="person">The author of the comment as the site names them now.</param>
    /// <param name="ticket">The ticket as read now.</param>
    /// <param name="membership">What the site says of the person's roles and groups; null when it was not asked.</param>
    public DecisionVerdict Judge(CommandKind kind, Person? person, Ticket ticket, Membership? membership) =>
        RightFor(kind) is { } right ? right.Judge(person, ticket, membership) : DecisionVerdict.Granted("everyone");

    /// <summary>Judges whether an operator may give a command over HTTP; the host has checked the key.</summary>
    /// <param name="kind">The command.</param>
    public DecisionVerdict JudgeOperator(CommandKind kind) => kind is CommandKind.Approve && !OperatorsMayApprove
        ? DecisionVerdict.Refused("approval over HTTP is off; set Squad__OperatorsMayApprove=true to allow it")
        : DecisionVerdict.Granted("operator");

    /// <summary>Whether a command does something where the run stands.</summary>
    /// <param name="kind">The command.</param>
    /// <param name="stage">The stage; null when there is no run.</param>
    /// <param name="isPaused">Whether the run is paused.</param>
    /// <param name="hasEnded">Whether the run has ended.</param>
    public static bool Fits(CommandKind kind, RunStage? stage, bool isPaused, bool hasEnded) => kind switch
    {
        CommandKind.Help or CommandKind.Status => true,
        CommandKind.Start => stage is null || hasEnded,
        CommandKind.Retry => stage is RunStage.Failed or RunStage.Stopped,
        _ when stage is null || hasEnded || stage is RunStage.Failed or RunStage.Stopped => false,
        CommandKind.Approve or CommandKind.Revise => stage is RunStage.Approve && !isPaused,
        CommandKind.Pause => !isPaused,
        CommandKind.Resume => isPaused,
        _ => true,
    };
}
