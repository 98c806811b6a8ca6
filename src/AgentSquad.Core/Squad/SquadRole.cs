namespace AgentSquad.Core.Squad;

/// <summary>The roles of a squad. QA is one role here, <see cref="Tester"/>.</summary>
public enum SquadRole
{
    /// <summary>Judges readiness, plans scope, speaks with people.</summary>
    ProjectManager,

    /// <summary>Decides feasibility, splits work, reviews.</summary>
    TechLead,

    /// <summary>Services, data access, APIs.</summary>
    BackendDeveloper,

    /// <summary>User interfaces.</summary>
    FrontendDeveloper,

    /// <summary>Quality assurance: verifies each acceptance criterion.</summary>
    Tester,

    /// <summary>Structure across components.</summary>
    SolutionArchitect,

    /// <summary>Delivery, infrastructure, operations.</summary>
    DevOpsEngineer,

    /// <summary>Features built on language models.</summary>
    AiEngineer,

    /// <summary>Interaction and visual design.</summary>
    Designer,

    /// <summary>Analysis and experiments.</summary>
    DataScientist,

    /// <summary>Pipelines and storage of data.</summary>
    DataEngineer,

    /// <summary>Training and serving of models.</summary>
    MlEngineer,

    /// <summary>Project management of AI and ML work.</summary>
    AiMlProjectManager,
}
