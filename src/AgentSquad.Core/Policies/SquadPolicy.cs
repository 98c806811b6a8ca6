using AgentSquad.Core.Policies.Triggers;

namespace AgentSquad.Core.Policies;

/// <summary>What makes the squad start on a ticket. The defaults react to the label alone.</summary>
public sealed record SquadPolicy
{
    /// <summary>The default policy: the label <c>agentsquad</c>, in every project.</summary>
    public static SquadPolicy Default { get; } = new();

    /// <summary>
    /// Label that starts a run when it is newly added or when a ticket is created with it. Compared ignoring case, because Jira keeps
    /// whatever case was typed first. Empty turns this trigger off. Default is <c>agentsquad</c>.
    /// </summary>
    public string TriggerLabel { get; init; } = "agentsquad";

    /// <summary>Account id (user name on Data Center) of the bot; null when unknown. Needed by assignment, useful for mentions.</summary>
    public string? BotAccountId { get; init; }

    /// <summary>Whether assigning a ticket to <see cref="BotAccountId"/> starts a run. Default is false.</summary>
    public bool StartOnAssignment { get; init; }

    /// <summary>Whether a new comment that mentions the bot starts a run. Default is false.</summary>
    public bool StartOnMention { get; init; }

    /// <summary>Name by which people mention the bot, without the <c>@</c>. Default is <c>agentsquad</c>.</summary>
    public string MentionName { get; init; } = "agentsquad";

    /// <summary>Statuses, by name, that start a run when a ticket enters them. Default is none.</summary>
    public IReadOnlyList<string> StartOnStatuses { get; init; } = [];

    /// <summary>Whether a new comment whose first line is <c>/squad start</c> starts a run. Default is false.</summary>
    public bool StartOnCommand { get; init; }

    /// <summary>Whether a comment's text starts a run because it mentions the bot.</summary>
    /// <param name="text">The text as the event brings it, or as the site's client reads it.</param>
    public bool StartsOnMentionIn(string text) => StartOnMention && Mentions.Name(text, MentionName, BotAccountId);

    /// <summary>Which tickets may start a run at all. Default is all of them.</summary>
    public TicketFilter Filter { get; init; } = TicketFilter.All;
}
