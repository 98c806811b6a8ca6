using System.ComponentModel.DataAnnotations;

namespace AgentSquad.JiraSandbox.Configuration;

/// <summary>Which product the sandbox plays.</summary>
internal enum SandboxDeployment
{
    /// <summary>Jira Cloud: REST v3 and v2, account ids, e-mail and API token.</summary>
    Cloud,

    /// <summary>Jira Data Center 9.12: REST v2 only, user names, personal access token or password.</summary>
    DataCenter,
}

/// <summary>Settings of the sandbox, section <c>Sandbox</c> (environment: <c>Sandbox__Name</c>).</summary>
internal sealed class SandboxOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Sandbox";

    /// <summary>Product to play. Default: Cloud.</summary>
    public SandboxDeployment Deployment { get; set; }

    /// <summary>Accounts that can log in. Default: a reporter and a bot; what is missing on the first two is filled from these defaults.</summary>
    public IList<SandboxUserOptions> Users { get; } = [];

    /// <summary>Where changes are announced.</summary>
    public SandboxWebhookOptions Webhook { get; } = new();

    /// <summary>JSON file that keeps the site over restarts. Default: none, the site lives in memory.</summary>
    public string? DataFile { get; set; }

    /// <summary>Address that links and <c>self</c> carry. Default: the first address that the server listens on.</summary>
    public string? BaseUrl { get; set; }

    /// <summary>Milliseconds until a change is found by search, as the real index lags. Default: 0.</summary>
    [Range(0, 600_000)]
    public int SearchLagMilliseconds { get; set; }
}

/// <summary>An account of the sandbox.</summary>
internal sealed class SandboxUserOptions
{
    /// <summary>E-mail address, the user name of basic authentication.</summary>
    public string Email { get; set; } = "";

    /// <summary>API token (Cloud) or personal access token and password (Data Center).</summary>
    public string ApiToken { get; set; } = "";

    /// <summary>Name that people see.</summary>
    public string DisplayName { get; set; } = "";

    /// <summary>Account id on Cloud; on Data Center the user name and key.</summary>
    public string AccountId { get; set; } = "";

    /// <summary>Whether the account belongs to the group <c>jira-administrators</c>. Default: true for the first account.</summary>
    public bool? Administrator { get; set; }

    /// <summary>Groups beside those that every account has. Default: none.</summary>
    public IList<string> Groups { get; } = [];

    /// <summary>Project roles that the account has in the projects that are there at the start. Default: none named, which gives it all of them.</summary>
    public IList<string> Roles { get; } = [];

    /// <summary>Fills what is missing: the first account is the reporter, the second the bot, others take their names from the e-mail.</summary>
    public static void ApplyDefaults(SandboxOptions options)
    {
        if (options.Users.Count == 0)
        {
            options.Users.Add(new SandboxUserOptions());
            options.Users.Add(new SandboxUserOptions());
        }

        for (var index = 0; index < options.Users.Count; index++)
        {
            var user = options.Users[index];
            var (email, token, name, id) = index switch
            {
                0 => ("rita@example.invalid", "rita-token", "Rita Reporter", "sandbox-rita"),
                1 => ("agentsquad@example.invalid", "agentsquad-token", "AgentSquad", "sandbox-bot"),
                _ => ($"user{index}@example.invalid", $"user{index}-token", $"User {index}", $"sandbox-user-{index}"),
            };
            if (user.Email.Length == 0) user.Email = email;
            if (user.ApiToken.Length == 0) user.ApiToken = token;
            if (user.DisplayName.Length == 0) user.DisplayName = name;
            if (user.AccountId.Length == 0) user.AccountId = id;
            user.Administrator ??= index == 0;
        }
    }
}

/// <summary>The webhook that an administrator would have registered.</summary>
internal sealed class SandboxWebhookOptions
{
    /// <summary>Target; empty means no webhook.</summary>
    public string? Url { get; set; }

    /// <summary>Secret for <c>X-Hub-Signature</c>; empty sends unsigned.</summary>
    public string? Secret { get; set; }

    /// <summary>
    /// Seconds to wait before each retry, comma separated. Default: 1,2,4,8,15,30. Jira waits minutes; a local demo should not.
    /// </summary>
    public string RetryDelays { get; set; } = "1,2,4,8,15,30";

    /// <summary>Seconds that a receiver has to answer. Default: 20, as Jira.</summary>
    [Range(0.05, 120)]
    public double ResponseTimeoutSeconds { get; set; } = 20;
}
