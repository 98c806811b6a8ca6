using AgentSquad.Agents.Offline.Reading;
using AgentSquad.Core.Squad;

namespace AgentSquad.Agents.Offline.Planning;

/// <summary>Complexity 1-10: starts at 3; more criteria, hard words and more areas raise it; small changes lower it.</summary>
internal static class ComplexityRules
{
    private const int Start = 3;

    public static int Of(TicketReading reading, int criteria, int builders)
    {
        var byCriteria = criteria switch { >= 8 => 2, >= 4 => 1, _ => 0 };
        var hard = reading.Words.Among(RoleSignals.Hard).Count();
        var byHardness = hard switch { >= 3 => 3, >= 1 => 2, _ => 0 };
        var byAreas = Math.Clamp(builders - 1, 0, 3);
        var isSmall = criteria <= 2 && hard == 0 && builders <= 1;
        var bySmallness = isSmall ? reading.Words.HasAny(RoleSignals.Easy) ? -2 : -1 : 0;
        return Math.Clamp(Start + byCriteria + byHardness + byAreas + bySmallness, Complexity.Lowest, Complexity.Highest);
    }
}
