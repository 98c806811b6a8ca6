namespace AgentSquad.Core.Squad;

/// <summary>Names of the roles for people.</summary>
public static class RoleNames
{
    /// <summary>The name of a role within a sentence, such as <c>backend developer</c> or <c>QA</c>.</summary>
    public static string Of(SquadRole role) => role switch
    {
        SquadRole.ProjectManager => "project manager",
        SquadRole.TechLead => "tech lead",
        SquadRole.BackendDeveloper => "backend developer",
        SquadRole.FrontendDeveloper => "frontend developer",
        SquadRole.Tester => "QA",
        SquadRole.SolutionArchitect => "solution architect",
        SquadRole.DevOpsEngineer => "DevOps engineer",
        SquadRole.AiEngineer => "AI engineer",
        SquadRole.Designer => "designer",
        SquadRole.DataScientist => "data scientist",
        SquadRole.DataEngineer => "data engineer",
        SquadRole.MlEngineer => "ML engineer",
        SquadRole.AiMlProjectManager => "AI/ML project manager",
        _ => role.ToString(),
    };

    /// <summary>The name for people of a role that is given by its <see cref="SquadRole"/> name; the text itself when it is none.</summary>
    public static string Of(string role) => Enum.TryParse<SquadRole>(role, ignoreCase: true, out var known) ? Of(known) : role;
}
