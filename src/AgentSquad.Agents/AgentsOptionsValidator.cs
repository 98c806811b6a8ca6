using AgentSquad.Core.Squad;
using Microsoft.Extensions.Options;

namespace AgentSquad.Agents;

/// <summary>Says at start what is wrong with the settings, by the name of each setting and with the fix.</summary>
internal sealed class AgentsOptionsValidator : IValidateOptions<AgentsOptions>
{
    public ValidateOptionsResult Validate(string? name, AgentsOptions options)
    {
        if (options.Provider == AgentsProvider.Offline)
        {
            return ValidateOptionsResult.Success;
        }

        List<string> problems = [.. Service(options), .. Numbers(options), .. Roles(options), .. Budget(options), .. Servers(options)];
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static IEnumerable<string> Service(AgentsOptions options)
    {
        var provider = options.Provider;
        if (string.IsNullOrWhiteSpace(options.Model))
        {
            yield return provider == AgentsProvider.AzureOpenAI
                ? "Agents__Model is missing; set it to the name of your deployment."
                : $"Agents__Model is missing; set it to a model of {provider}.";
        }

        var needsEndpoint = provider is AgentsProvider.AzureOpenAI or AgentsProvider.OpenAICompatible;
        if (needsEndpoint && options.Endpoint.Length == 0)
        {
            yield return provider == AgentsProvider.AzureOpenAI
                ? "Agents__Endpoint is missing; set it to your resource, such as https://NAME.openai.azure.com."
                : "Agents__Endpoint is missing; set it to the server's base address, such as http://127.0.0.1:11434/v1.";
        }
        else if (options.Endpoint.Length > 0 && !(Uri.TryCreate(options.Endpoint, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"))
        {
            yield return "Agents__Endpoint is no http or https address; correct it or remove it.";
        }

        var needsKey = provider != AgentsProvider.OpenAICompatible && !(provider == AgentsProvider.AzureOpenAI && options.UseManagedIdentity);
        if (needsKey && string.IsNullOrWhiteSpace(options.ApiKey))
        {
            yield return provider == AgentsProvider.AzureOpenAI
                ? "Agents__ApiKey is missing; set it, or set Agents__UseManagedIdentity=true."
                : $"Agents__ApiKey is missing; set it to your key of {provider}.";
        }

        if (options.UseManagedIdentity && provider != AgentsProvider.AzureOpenAI)
        {
            yield return "Agents__UseManagedIdentity works with Agents__Provider=AzureOpenAI only; remove it.";
        }
    }

    private static IEnumerable<string> Numbers(AgentsOptions options)
    {
        if (options.Timeout < TimeSpan.FromSeconds(1) || options.Timeout > TimeSpan.FromHours(1))
        {
            yield return "Agents__Timeout must be a time span from 00:00:01 to 01:00:00; 00:05:00 is the default.";
        }

        if (options.Attempts is < 1 or > 10)
        {
            yield return "Agents__Attempts must be a whole number from 1 to 10; 3 is the default.";
        }

        if (options.BreakDuration < TimeSpan.FromSeconds(0.5) || options.BreakDuration > TimeSpan.FromHours(1))
        {
            yield return "Agents__BreakDuration must be a time span from 00:00:00.5 to 01:00:00; 00:00:30 is the default.";
        }

        if (options.FirstPause < TimeSpan.Zero || options.FirstPause > TimeSpan.FromMinutes(1))
        {
            yield return "Agents__FirstPause must be a time span from 00:00:00 to 00:01:00; 00:00:01 is the default.";
        }

        if (options.LongestPause < TimeSpan.Zero || options.LongestPause > TimeSpan.FromHours(1))
        {
            yield return "Agents__LongestPause must be a time span from 00:00:00 to 01:00:00; 00:00:30 is the default.";
        }

        if (options.MaxOutputTokens is < 100 or > 200_000)
        {
            yield return "Agents__MaxOutputTokens must be a whole number from 100 to 200000; 8000 is the default.";
        }

        if (options.ContextTokens is < 2_000 or > 2_000_000)
        {
            yield return "Agents__ContextTokens must be a whole number from 2000 to 2000000; 60000 is the default.";
        }
    }

    private static IEnumerable<string> Roles(AgentsOptions options)
    {
        if (options.RolesFolder.Length > 0 && !Directory.Exists(options.RolesFolder))
        {
            yield return "Agents__RolesFolder names a folder that does not exist; correct it or remove it.";
        }

        foreach (var (role, settings) in options.Roles)
        {
            if (!Enum.TryParse<SquadRole>(role, ignoreCase: true, out _))
            {
                yield return $"Agents__Roles__{role} names no role; the roles are {string.Join(", ", Enum.GetNames<SquadRole>())}.";
            }

            if (settings.Temperature is < 0 or > 2)
            {
                yield return $"Agents__Roles__{role}__Temperature must be a number from 0 to 2.";
            }

            if (settings.MaxOutputTokens is < 100 or > 200_000)
            {
                yield return $"Agents__Roles__{role}__MaxOutputTokens must be a whole number from 100 to 200000.";
            }
        }
    }

    private static IEnumerable<string> Budget(AgentsOptions options)
    {
        var budget = options.Budget;
        var isNegative = new[] { budget.PerCall, budget.PerTask, budget.PerTicket, budget.PerProject, budget.PerDay }.Any(limit => limit < 0)
            || options.Prices.Any(price => price.Input < 0 || price.Output < 0);
        if (isNegative)
        {
            yield return "A limit under Agents__Budget or a price under Agents__Prices is negative; correct it or remove it.";
        }

        if (budget.SoftShare is < 0 or > 1)
        {
            yield return "Agents__Budget__SoftShare must be a number from 0 to 1; 0.8 is the default.";
        }

        string[] models = [options.Model, options.FallbackModel, .. options.Roles.Values.Select(role => role.Model ?? "")];
        foreach (var model in models.Where(model => budget.HasMoney && model.Length > 0 && !HasPrice(options, model)).Distinct())
        {
            yield return $"A limit under Agents__Budget is set, but {model} has no price; " +
                "set Agents__Prices__0__Model, __Input and __Output (per million tokens), or remove the limit.";
        }
    }

    private static IEnumerable<string> Servers(AgentsOptions options)
    {
        foreach (var (server, settings) in options.Mcp.Servers)
        {
            var setting = $"Agents__Mcp__Servers__{server}";
            if ((settings.Command.Length > 0) == (settings.Url.Length > 0))
            {
                yield return $"{setting} needs either __Command (a program) or __Url (an address).";
            }
            else if (settings.Url.Length > 0 && !(Uri.TryCreate(settings.Url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"))
            {
                yield return $"{setting}__Url is no http or https address.";
            }

            if (server.Any(character => !char.IsAsciiLetterOrDigit(character) && character is not '-' and not '_') || server.Length > 30)
            {
                yield return $"{setting}: the name may have up to 30 letters, digits, hyphens and underscores.";
            }
        }

        if (options.Mcp.ConnectTimeout <= TimeSpan.Zero || options.Mcp.CallTimeout <= TimeSpan.Zero || options.Mcp.MostCharacters < 100 || options.Mcp.MostCalls < 0)
        {
            yield return "The limits under Agents__Mcp must be positive: ConnectTimeout and CallTimeout time spans, MostCharacters at least 100, MostCalls at least 0.";
        }
    }

    private static bool HasPrice(AgentsOptions options, string model) =>
        options.Prices.Any(price => string.Equals(price.Model, model, StringComparison.OrdinalIgnoreCase));
}
