namespace AgentSquad.Core.Readiness;

/// <summary>What was found about one aspect of a ticket.</summary>
/// <param name="Aspect">The aspect.</param>
/// <param name="Level">How good it is.</param>
/// <param name="Note">What was found, a clause without a full stop.</param>
/// <param name="Question">What to ask the reporter; null for the rubric's own question.</param>
/// <param name="Improvement">What would make the ticket better; null for the rubric's own advice.</param>
public sealed record ReadinessFinding(
    ReadinessAspect Aspect, ReadinessLevel Level, string Note, string? Question = null, string? Improvement = null);

/// <summary>How good an aspect of a ticket is.</summary>
public enum ReadinessLevel
{
    /// <summary>Nothing to do.</summary>
    Good,

    /// <summary>Enough to start with stated assumptions.</summary>
    Weak,

    /// <summary>Not there.</summary>
    Missing,
}
