namespace AgentSquad.Core.Readiness;

/// <summary>What a ticket is judged by before work starts.</summary>
public enum ReadinessAspect
{
    /// <summary>What is wrong or missing today.</summary>
    Problem,

    /// <summary>Statements that cannot all be true.</summary>
    Contradictions,

    /// <summary>What should be the case afterwards.</summary>
    ExpectedResult,

    /// <summary>How one can tell that it is done.</summary>
    AcceptanceCriteria,

    /// <summary>What belongs to it and what does not.</summary>
    Scope,

    /// <summary>Whether it is one piece of work.</summary>
    Size,
}
