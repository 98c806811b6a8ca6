namespace AgentSquad.Core.Squad;

/// <summary>The scale of complexity, 1 to 10.</summary>
public static class Complexity
{
    /// <summary>The lowest value.</summary>
    public const int Lowest = 1;

    /// <summary>The highest value.</summary>
    public const int Highest = 10;

    /// <summary>The word for a value: 1-2 simple, 3-5 moderate, 6-8 complex, 9-10 very complex.</summary>
    public static string Name(int complexity) => complexity switch
    {
        <= 2 => "simple",
        <= 5 => "moderate",
        <= 8 => "complex",
        _ => "very complex",
    };
}
