namespace AgentSquad.Core.Escalation;

/// <summary>What a question between roles is about.</summary>
public enum QuestionType
{
    /// <summary>Anything that no other type names.</summary>
    Default,

    /// <summary>How to build something.</summary>
    Implementation,

    /// <summary>How parts fit together.</summary>
    Architecture,

    /// <summary>What is wanted.</summary>
    Requirements,

    /// <summary>Delivery and operation.</summary>
    Deployment,

    /// <summary>Data, models and experiments.</summary>
    Data,

    /// <summary>How something should look and feel.</summary>
    Design,
}
