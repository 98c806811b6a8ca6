namespace AgentSquad.Atlassian.Diagnostics;

/// <summary>Looks behind the settings of the Jira and Confluence sites.</summary>
public interface ISiteDiagnostics
{
    /// <summary>The checks, in the order in which they explain each other: address, product, login, projects, webhook, Confluence.</summary>
    IReadOnlyList<DiagnosticCheck> Checks { get; }
}
