namespace AgentSquad.Cli.LocalSystem;

/// <summary>An account of the Jira sandbox.</summary>
/// <param name="Email">User name of basic authentication.</param>
/// <param name="ApiToken">Password of basic authentication; worth nothing outside the sandbox.</param>
/// <param name="DisplayName">The name that people see.</param>
/// <param name="AccountId">The account's id.</param>
internal sealed record SandboxAccount(string Email, string ApiToken, string DisplayName, string AccountId)
{
    /// <summary>Who writes tickets.</summary>
    public static SandboxAccount Reporter { get; } = new("rita@example.invalid", "rita-token", "Rita Reporter", "sandbox-rita");

    /// <summary>Who the squad acts as.</summary>
    public static SandboxAccount Bot { get; } = new("agentsquad@example.invalid", "agentsquad-token", "AgentSquad", "sandbox-bot");

    /// <summary>Someone with no part in a ticket: may comment, may decide nothing.</summary>
    public static SandboxAccount Bystander { get; } = new("ben@example.invalid", "ben-token", "Ben Bystander", "sandbox-ben");

    /// <summary>Whom the squad asks when the reporter does not answer.</summary>
    public static SandboxAccount Manager { get; } = new("mona@example.invalid", "mona-token", "Mona Manager", "sandbox-mona");
}
