using System.Text.Json.Serialization;
using AgentSquad.Core.Approval;
using AgentSquad.Core.Escalation;
using AgentSquad.Core.Planning;
using AgentSquad.Core.Squad;
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

    /// <summary>See <see cref="SquadOptions.MaxParallelOfRole"/>, by name of the role.</summary>
    public IReadOnlyDictionary<string, int> MaxParallelOfRole { get; init; } = new Dictionary<string, int>();

    /// <summary>See <see cref="SquadOptions.MaxParallelPerSite"/>.</summary>
    public int MaxParallelPerSite { get; init; }

    /// <summary>See <see cref="SquadOptions.Questions"/>.</summary>
    public RoleQuestionOptions Questions { get; init; } = new();

    /// <summary>See <see cref="SubTaskOptions.Enabled"/>.</summary>
    public bool HasSubTasks { get; init; }

    /// <summary>Whether the clarified specification is written back.</summary>
    public bool WritesSpecification { get; init; }

    /// <summary>See <see cref="DeliveryOptions.Attachments"/>.</summary>
    public bool Attaches { get; init; }

    /// <summary>Whether a page is written on delivery.</summary>
    public bool WritesPage { get; init; }

    /// <summary>
    /// Whether tasks that build on one that is sent back are done again too. True for every new run; false for those that began before it was so.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool RedoesDependents { get; init; }

    /// <summary>
    /// Whether each reading of the ticket is compared with the one before. True for every new run; false for those that began before it was so.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool ComparesReadings { get; init; }

    /// <summary>
    /// Whether the run looks for answers before it reminds or gives up, and makes up for steps that it missed with one of them. True for every new
    /// run; false for those that began before it was so.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool LooksWhenDue { get; init; }

    /// <summary>The limits as the task graph asks for them.</summary>
    public WorkLimits ToWorkLimits() => new()
    {
        PerRun = MaxParallelTasks,
        PerRoleDefault = MaxParallelPerRole,
        PerRole = MaxParallelOfRole.ToDictionary(limit => Enum.Parse<SquadRole>(limit.Key), limit => limit.Value),
    };

    /// <summary>The policy of a configuration.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="ticketKey">The ticket's key, for what differs by project; empty when unknown.</param>
    /// <param name="hasPages">Whether a Confluence space is configured.</param>
    public static RunPolicy Of(SquadOptions options, string ticketKey = "", bool hasPages = false) => new()
    {
        MaxParallelOfRole = options.MaxParallelOfRole.ToDictionary(limit => limit.Key.ToString(), limit => limit.Value),
        MaxParallelPerSite = options.MaxParallelPerSite,
        Questions = options.Questions,
        HasSubTasks = options.SubTasks.Enabled,
        WritesSpecification = options.Specification != SpecificationTarget.None,
        Attaches = options.Delivery.Attachments,
        WritesPage = hasPages,
        RedoesDependents = true,
        ComparesReadings = true,
        LooksWhenDue = true,
        StatusNames = options.StatusNames,
        MaxReviewRounds = options.MaxReviewRounds,
        MaxParallelTasks = options.MaxParallelTasks,
        MaxParallelPerRole = options.MaxParallelPerRole,
        OutagePatience = options.OutagePatience,
        StatusInterval = options.StatusInterval,
        MaxClarifications = options.MaxClarifications,
        Reminders = options.ToReminders(ticketKey.Split('-')[0]),
        ApprovesOnTimeout = options.Approval.OnTimeout == ApprovalTimeout.Approve,
    };
}
