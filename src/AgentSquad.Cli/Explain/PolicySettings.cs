using AgentSquad.Cli.Settings;
using AgentSquad.Core.Policies;
using Microsoft.Extensions.Configuration;

namespace AgentSquad.Cli.Explain;

/// <summary>The settings that decide which events start a run; section <c>Squad</c>, as the function app reads it.</summary>
internal sealed class PolicySettings
{
    /// <summary>Label that starts a run.</summary>
    public string TriggerLabel { get; set; } = SquadPolicy.Default.TriggerLabel;

    /// <summary>What else starts a run, and for which tickets.</summary>
    public TriggerOptions Triggers { get; set; } = new();

    /// <summary>Triggers of single projects by key.</summary>
    public Dictionary<string, TriggerOptions> Projects { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads the settings.</summary>
    /// <exception cref="CliException">A setting has a value that does not fit.</exception>
    public static PolicySettings Read(SquadSettings settings)
    {
        var values = settings.StartingWith("Squad__")
            .Select(p => KeyValuePair.Create(p.Key.Replace("__", ":", StringComparison.Ordinal), (string?)p.Value));
        try
        {
            return new ConfigurationBuilder().AddInMemoryCollection(values).Build().GetSection("Squad").Get<PolicySettings>() ?? new PolicySettings();
        }
        catch (InvalidOperationException exception)
        {
            throw new CliException($"A Squad__ setting does not fit: {exception.Message}", exception);
        }
    }

    /// <summary>The policy of a project; null when it is unknown.</summary>
    public SquadPolicy PolicyOf(string? projectKey) => Triggers.ToPolicy(TriggerLabel, Projects, projectKey);
}
