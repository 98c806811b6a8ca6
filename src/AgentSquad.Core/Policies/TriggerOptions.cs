namespace AgentSquad.Core.Policies;

/// <summary>
/// What starts a run besides the label, and for which tickets, as the settings say it (<c>Squad__Triggers__*</c>, and
/// <c>Squad__Projects__KEY__*</c> for single projects). Lists that are not set admit everything.
/// </summary>
public sealed class TriggerOptions
{
    /// <summary>Label of this project's trigger; null (default) uses <c>Squad__TriggerLabel</c>, empty turns the label off.</summary>
    public string? Label { get; set; }

    /// <summary>Account id (user name on Data Center) of the bot. Needed by <see cref="StartOnAssignment"/>.</summary>
    public string? BotAccountId { get; set; }

    /// <summary>Name by which people mention the bot. Default is <c>agentsquad</c>.</summary>
    public string MentionName { get; set; } = "agentsquad";

    /// <summary>Whether assigning a ticket to the bot starts a run. Default is false.</summary>
    public bool StartOnAssignment { get; set; }

    /// <summary>Whether a comment that mentions the bot starts a run. Default is false.</summary>
    public bool StartOnMention { get; set; }

    /// <summary>Whether <c>/squad start</c> starts a run. Default is false.</summary>
    public bool StartOnCommand { get; set; }

    /// <summary>Statuses that start a run when a ticket enters them.</summary>
    public IReadOnlyList<string>? StartOnStatuses { get; set; }

    /// <summary>Keys of the admitted projects.</summary>
    public IReadOnlyList<string>? Projects { get; set; }

    /// <summary>Names of the admitted issue types.</summary>
    public IReadOnlyList<string>? IssueTypes { get; set; }

    /// <summary>Names of the admitted priorities.</summary>
    public IReadOnlyList<string>? Priorities { get; set; }

    /// <summary>Names of the admitted components.</summary>
    public IReadOnlyList<string>? Components { get; set; }

    /// <summary>Admitted values by field id or name.</summary>
    public Dictionary<string, List<string>> FieldValues { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The policy of a ticket's project.</summary>
    /// <param name="triggerLabel">The label of projects that name none, <c>Squad__TriggerLabel</c>.</param>
    /// <param name="projects">Triggers of single projects by key; a project named there uses its own instead of these.</param>
    /// <param name="projectKey">The ticket's project; null when unknown.</param>
    public SquadPolicy ToPolicy(string triggerLabel, IReadOnlyDictionary<string, TriggerOptions> projects, string? projectKey)
    {
        var triggers = projectKey is not null && projects.TryGetValue(projectKey, out var own) ? own : this;
        return new SquadPolicy
        {
            TriggerLabel = triggers.Label ?? triggerLabel,
            BotAccountId = triggers.BotAccountId ?? BotAccountId,
            MentionName = triggers.MentionName,
            StartOnAssignment = triggers.StartOnAssignment,
            StartOnMention = triggers.StartOnMention,
            StartOnCommand = triggers.StartOnCommand,
            StartOnStatuses = triggers.StartOnStatuses ?? [],
            Filter = new TicketFilter
            {
                Projects = triggers.Projects ?? [],
                IssueTypes = triggers.IssueTypes ?? [],
                Priorities = triggers.Priorities ?? [],
                Components = triggers.Components ?? [],
                FieldValues = triggers.FieldValues.ToDictionary(
                    entry => entry.Key, entry => (IReadOnlyList<string>)entry.Value, StringComparer.OrdinalIgnoreCase),
            },
        };
    }
}
