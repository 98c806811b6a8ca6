namespace AgentSquad.Cli.LocalSystem;

/// <summary>What a local system is made of.</summary>
internal sealed record SystemPlan
{
    /// <summary>Folder for data, logs and keys; created when it is not there.</summary>
    public required string Folder { get; init; }

    /// <summary>Port of the function app; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>Port of the sandbox; 0 takes a free one.</summary>
    public int SandboxPort { get; init; }

    /// <summary>Whether data is kept in <see cref="Folder"/>; otherwise it lives in memory only.</summary>
    public bool KeepData { get; init; }

    /// <summary>Storage to use instead of an Azurite of our own; null starts one.</summary>
    public string? Storage { get; init; }

    /// <summary>File with the host keys.</summary>
    public required string KeysFile { get; init; }

    /// <summary>Base address of the configured Jira site; null starts a sandbox.</summary>
    public string? JiraBaseUrl { get; init; }

    /// <summary>Secret that signs webhooks; null when a configured site has none.</summary>
    public string? WebhookSecret { get; init; }

    /// <summary>The sandbox account that the function app uses.</summary>
    public SandboxAccount AppAccount { get; init; } = SandboxAccount.Bot;

    /// <summary>Accounts of the sandbox besides the reporter's and the squad's.</summary>
    public IReadOnlyList<SandboxAccount> People { get; init; } = [];

    /// <summary>The environment that the function app starts from.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Settings of the function app on top of <see cref="Environment"/> and of what the system itself sets.</summary>
    public IReadOnlyDictionary<string, string> AppSettings { get; init; } = new Dictionary<string, string>();
}
