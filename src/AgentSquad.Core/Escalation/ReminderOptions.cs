namespace AgentSquad.Core.Escalation;

/// <summary>How long a run waits for a person, and what it does meanwhile. All times count from the question.</summary>
public sealed record ReminderOptions
{
    /// <summary>The defaults: a reminder after one day and after three, escalation after five, giving up after ten.</summary>
    public static ReminderOptions Default { get; } = new();

    /// <summary>When to remind. Default is after 1 and 3 days.</summary>
    public IReadOnlyList<TimeSpan> RemindAfter { get; init; } = [TimeSpan.FromDays(1), TimeSpan.FromDays(3)];

    /// <summary>When to ask someone else; null for never. Default is after 5 days. It happens only when someone else is named.</summary>
    public TimeSpan? EscalateAfter { get; init; } = TimeSpan.FromDays(5);

    /// <summary>Account id of the person to escalate to; null for nobody. Default is null.</summary>
    public string? EscalateTo { get; init; }

    /// <summary>When to give up. Default is after 10 days.</summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromDays(10);
}
