using AgentSquad.Atlassian.Diagnostics;
using AgentSquad.Cli.Settings;

namespace AgentSquad.Cli.Doctor;

/// <summary>What answers for the agents. Whether its settings are complete is one of the app's own rules; here its address is tried.</summary>
internal sealed class ModelCheck(SquadSettings settings, TimeProvider time)
{
    private const string ProviderSetting = "Agents__Provider";
    private const string EndpointSetting = "Agents__Endpoint";

    // Where the providers are when no endpoint is configured; null where one has to be.
    private static readonly Dictionary<string, string?> Homes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["OpenAI"] = "https://api.openai.com", ["Anthropic"] = "https://api.anthropic.com", ["AzureOpenAI"] = null, ["OpenAICompatible"] = null,
    };

    /// <summary>The checks.</summary>
    public IEnumerable<DiagnosticCheck> Checks => [new("model.provider", "Looking at the model provider", RunAsync)];

    private async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellation)
    {
        var provider = settings.FindText(ProviderSetting) ?? "Offline";
        if (provider.Equals("Offline", StringComparison.OrdinalIgnoreCase))
        {
            return [Finding.Ok("model.provider", "The squad works by rules; no language model is asked.", ProviderSetting)];
        }

        // A provider that does not exist and an endpoint that is none are among the app's own complaints.
        if (!Homes.TryGetValue(provider, out var home)) return [];
        var endpoint = settings.FindText(EndpointSetting) ?? home;
        return !Uri.TryCreate(endpoint, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") ? [] : await AddressCheck.RunAsync("model", EndpointSetting, address, time, cancellation);
    }
}
