namespace AgentSquad.Agents.Offline.Reading;

/// <summary>Acceptance criteria and where they come from.</summary>
/// <param name="Items">One line each, plain text, each once; at least one.</param>
/// <param name="Origin">Where they come from.</param>
/// <param name="LeftOut">How many more there were than the squad handles at once.</param>
internal sealed record Criteria(IReadOnlyList<string> Items, CriteriaOrigin Origin, int LeftOut);

/// <summary>Where acceptance criteria come from.</summary>
internal enum CriteriaOrigin
{
    /// <summary>The ticket lists them.</summary>
    Stated,

    /// <summary>They follow from what the ticket says it wants.</summary>
    Derived,

    /// <summary>The ticket says nothing; the summary stands in.</summary>
    Assumed,
}
