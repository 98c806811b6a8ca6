using AgentSquad.Core.Squad;
using AgentSquad.Core.Voice;

namespace AgentSquad.Agents.Offline.Planning;

/// <summary>What each role does in a plan made by rules.</summary>
internal static class RoleGuides
{
    /// <summary>Title of a building task.</summary>
    public static string Title(SquadRole role, string summary)
    {
        var what = role switch
        {
            SquadRole.DataEngineer => "Specify the data work",
            SquadRole.DataScientist => "Specify the analysis",
            SquadRole.MlEngineer => "Specify the model work",
            SquadRole.AiEngineer => "Specify the AI feature",
            SquadRole.BackendDeveloper => "Specify the service side",
            SquadRole.FrontendDeveloper => "Specify the user interface",
            SquadRole.DevOpsEngineer => "Specify delivery and operation",
            _ => "Specify the work",
        };
        return MarkdownText.OneLine(summary, 80) is { Length: > 0 } text ? $"{what}: {text}" : what;
    }

    /// <summary>What a building task is to produce.</summary>
    public static string Aim(SquadRole role) => role switch
    {
        SquadRole.DataEngineer => "Sources, target form, checks, repeat runs and back-fill, ready for a data engineer to build.",
        SquadRole.DataScientist => "Question, data, method, measure and the decision that hangs on the result.",
        SquadRole.MlEngineer => "Data, training, evaluation against a baseline, serving and watching of the model.",
        SquadRole.AiEngineer => "Inputs, instructions, limits, evaluation set and behaviour on failure of the model.",
        SquadRole.BackendDeveloper => "Contracts, data, rules, errors and steps, ready for a developer to build.",
        SquadRole.FrontendDeveloper => "Screens, states, texts, calls and steps, ready for a developer to build.",
        SquadRole.DevOpsEngineer => "Settings, deployment, watching, and the way back.",
        _ => "What to build and in which steps.",
    };

    /// <summary>When a preparing task is done: it has no criterion of the ticket.</summary>
    public static string OwnCriterion(SquadRole role) => role switch
    {
        SquadRole.ProjectManager => "Every open point has an assumption or an owner",
        SquadRole.TechLead => "Each step is small enough to be reviewed on its own",
        SquadRole.AiMlProjectManager => "Success has a measure and a baseline",
        SquadRole.SolutionArchitect => "Every contract between parts is named with its owner",
        SquadRole.Designer => "Every state of the screen has its words",
        _ => "The result is written down so that someone else can build on it",
    };
}
