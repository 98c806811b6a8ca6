using AgentSquad.Core.Squad;

namespace AgentSquad.Agents.Offline.Planning;

/// <summary>Hours by role, number of criteria and complexity, with a buffer of 20 %; rounded up to half hours.</summary>
internal static class EstimateRules
{
    private const double Buffer = 1.2;

    public static Estimate Of(SquadRole role, int criteria, int complexity, TriageVerdict verdict)
    {
        var (fixedHours, perCriterion) = role switch
        {
            SquadRole.ProjectManager => (1.0, 0.0),
            SquadRole.TechLead or SquadRole.AiMlProjectManager => (1.5, 0.0),
            SquadRole.SolutionArchitect or SquadRole.Designer => (3.0, 0.0),
            SquadRole.Tester => (1.0, 0.75),
            SquadRole.DataScientist or SquadRole.MlEngineer => (6.0, 2.0),
            _ => (2.0, 1.5),
        };
        var byComplexity = 0.5 + (complexity / 5.0);
        var hours = (fixedHours + (perCriterion * criteria)) * byComplexity * Buffer;
        var confidence = verdict != TriageVerdict.Ready || complexity >= 8 ? Confidence.Low
            : complexity <= 3 ? Confidence.High
            : Confidence.Medium;
        return new(Math.Ceiling(hours * 2) / 2, confidence);
    }
}
