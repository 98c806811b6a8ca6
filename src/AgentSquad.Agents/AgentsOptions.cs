namespace AgentSquad.Agents;

/// <summary>Settings of the agents, section <c>Agents</c> (<c>Agents__Provider</c> and so on in the environment).</summary>
public sealed class AgentsOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Agents";

    /// <summary>What answers for the agents. Default is <see cref="AgentsProvider.Offline"/>.</summary>
    public AgentsProvider Provider { get; set; } = AgentsProvider.Offline;
}

/// <summary>What answers for the agents.</summary>
public enum AgentsProvider
{
    /// <summary>Rules without a model: no account, no network, no cost.</summary>
    Offline,
}
