using AgentSquad.Core.Approval;
using AgentSquad.Core.Commands;
using AgentSquad.Core.Escalation;
using AgentSquad.Core.Policies;

namespace AgentSquad.Functions.Configuration;

/// <summary>Maps the configuration to the domain's policies.</summary>
internal static class SquadPolicies
{
    /// <summary>What makes the squad start on a ticket of a project.</summary>
    public static SquadPolicy ToPolicy(this SquadOptions options, string? projectKey) =>
        options.Triggers.ToPolicy(options.TriggerLabel, options.Projects, projectKey);

    /// <summary>Who may give which command.</summary>
    public static CommandPolicy ToCommandPolicy(this SquadOptions options) => new()
    {
        Decide = ToRight(options.Approval.Deciders), Control = ToRight(options.Control), OperatorsMayApprove = options.OperatorsMayApprove,
    };

    /// <summary>When a plan needs a decision.</summary>
    public static ApprovalPolicy ToApprovalPolicy(this SquadOptions options) => new()
    {
        Mode = options.Approval.Mode,
        FromComplexity = options.Approval.FromComplexity,
        Labels = options.Approval.Labels ?? ApprovalPolicy.Default.Labels,
        Projects = options.Approval.Projects ?? [],
        OnTimeout = options.Approval.OnTimeout,
        Deciders = ToRight(options.Approval.Deciders),
    };

    /// <summary>How long to wait for people.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="projectKey">The ticket's project; null when unknown.</param>
    public static ReminderOptions ToReminders(this SquadOptions options, string? projectKey = null)
    {
        var times = projectKey is not null && options.Waiting.Projects.TryGetValue(projectKey, out var own) ? own : options.Waiting;
        return new ReminderOptions
        {
            RemindAfter = times.RemindAfter ?? ReminderOptions.Default.RemindAfter,
            EscalateAfter = times.EscalateAfter,
            EscalateTo = times.EscalateTo,
            GiveUpAfter = times.GiveUpAfter,
        };
    }

    /// <summary>What to do when the ticket is taken away.</summary>
    public static WithdrawalPolicy ToWithdrawalPolicy(this SquadOptions options) => new()
    {
        OnClosed = options.Withdrawal.OnClosed, OnLabelRemoved = options.Withdrawal.OnLabelRemoved, OnUnassigned = options.Withdrawal.OnUnassigned,
    };

    private static DecisionRight ToRight(RightOptions options) => new()
    {
        Reporter = options.Reporter,
        Assignee = options.Assignee,
        Accounts = options.Accounts ?? [],
        ProjectRoles = options.ProjectRoles ?? [],
        Groups = options.Groups ?? [],
    };
}
