using AgentSquad.Core.Tickets;

namespace AgentSquad.Core.Policies;

/// <summary>What a run does when people take the ticket away from it. The run's own transitions are not people's; its caller leaves them out.</summary>
public sealed record WithdrawalPolicy
{
    /// <summary>The defaults.</summary>
    public static WithdrawalPolicy Default { get; } = new();

    /// <summary>When a person closes the ticket. Default is <see cref="Withdrawal.Stop"/>.</summary>
    public Withdrawal OnClosed { get; init; } = Withdrawal.Stop;

    /// <summary>When the trigger label is removed. Default is <see cref="Withdrawal.Stop"/>.</summary>
    public Withdrawal OnLabelRemoved { get; init; } = Withdrawal.Stop;

    /// <summary>When the ticket is taken from the bot, in projects where assignment starts runs. Default is <see cref="Withdrawal.Pause"/>.</summary>
    public Withdrawal OnUnassigned { get; init; } = Withdrawal.Pause;

    /// <summary>Judges what changed between two readings of a ticket.</summary>
    /// <param name="changes">The two readings.</param>
    /// <param name="policy">The policy of the project that the ticket is in now.</param>
    /// <returns>What to do, and a clause that says why, fit for the status comment; <see cref="Withdrawal.Continue"/> when nothing was taken away.</returns>
    public WithdrawalDecision Judge(TicketChanges changes, SquadPolicy policy)
    {
        if (changes.WasMoved && policy.Filter.Refuse(changes.Now) is { } refusal)
        {
            return new(Withdrawal.Stop, $"the ticket was moved, and {refusal}");
        }

        if (changes.WasClosed && OnClosed != Withdrawal.Continue)
        {
            return new(OnClosed, $"a person moved the ticket to {Words.Quote(changes.Now.Status.Name)}");
        }

        if (policy.TriggerLabel.Length > 0 && changes.LostLabel(policy.TriggerLabel) && OnLabelRemoved != Withdrawal.Continue)
        {
            return new(OnLabelRemoved, $"the label {Words.Quote(policy.TriggerLabel)} was removed");
        }

        return policy is { StartOnAssignment: true, BotAccountId: { Length: > 0 } bot } && changes.Unassigned(bot) && OnUnassigned != Withdrawal.Continue
            ? new(OnUnassigned, "the ticket was assigned to someone else")
            : new(Withdrawal.Continue, changes.WasMoved ? $"the ticket goes on as {Words.Quote(changes.Now.Key)}" : "");
    }
}

/// <summary>What a run does when its ticket is taken away.</summary>
public enum Withdrawal
{
    /// <summary>Goes on.</summary>
    Continue,

    /// <summary>Pauses until a person resumes it.</summary>
    Pause,

    /// <summary>Ends.</summary>
    Stop,
}

/// <summary>What to do, and why.</summary>
/// <param name="Action">What to do.</param>
/// <param name="Reason">A clause fit for the status comment; empty when there is nothing to say.</param>
public sealed record WithdrawalDecision(Withdrawal Action, string Reason);
