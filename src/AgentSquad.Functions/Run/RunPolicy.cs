using AgentSquad.Core.Approval;
using AgentSquad.Core.Escalation;
using AgentSquad.Functions.Configuration;

namespace AgentSquad.Functions.Run;

/// <summary>The settings of one run, read once when it opens: a change of the configuration never changes a run's history.</summary>
internal sealed record RunPolicy
{
    /// <summary>See <see cref="SquadOptions.StatusNames"/>.</summary>
    public StatusNameOptions StatusNames { get; init; } = new();

    /// <summary>See <see cref="SquadOptions.MaxReviewRounds"/>.</summary>
    public int MaxReviewRounds { get; init; } = 3;

    /// <summary>See <see cref="SquadOptions.MaxParallelTasks"/>.</summary>
    public int MaxParallelTasks { get; init; } = 4;

    /// <summary>See <see cref="SquadOptions.MaxParallelPerRole"/>.</summary>
    public int MaxParallelPerRole { get; init; } = 2;

    /// <summary>See <see cref="SquadOptions.OutagePatience"/>.</summary>
    public TimeSpan OutagePatience { get; init; } = TimeSpan.FromDays(1);

    /// <summary>See <see cref="SquadOptions.StatusInterval"/>.</summary>
    public TimeSpan StatusInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>See <see cref="SquadOptions.MaxClarifications"/>.</summary>
    public int MaxClarifications { get; init; } = 5;

    /// <summary>See <see cref="SquadOptions.Waiting"/>.</summary>
    public ReminderOptions Reminders { get; init; } = ReminderOptions.Default;

    /// <summary>Whether a plan that nobody decided about in time counts as approved.</summary>
    public bool ApprovesOnTimeout { get; init; }

    /// <summary>The policy of a configuration.</summary>
    public static RunPolicy Of(SquadOptions options) => new()
    {
        StatusNames = options.StatusNames,
        MaxReviewRounds = options.MaxReviewRounds,
        MaxParallelTasks = options.MaxParallelTasks,
        MaxParallelPerRole = options.MaxParallelPerRole,
        OutagePatience = options.OutagePatience,
        StatusInterval = options.StatusInterval,
        MaxClarifications = options.MaxClarifications,
        Reminders = options.ToReminders(),
        ApprovesOnTimeout = options.Approval.OnTimeout == ApprovalTimeout.Approve,
    };
}
