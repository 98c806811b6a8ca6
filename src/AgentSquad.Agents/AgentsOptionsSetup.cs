using System.Text.RegularExpressions;
using AgentSquad.Core.Voice;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace AgentSquad.Agents;

/// <summary>Reads the section <c>Agents</c>. The provider is written out, because binding an enum by itself names neither the fix nor the values.</summary>
internal sealed partial class AgentsOptionsSetup(IConfiguration configuration) : IConfigureOptions<AgentsOptions>
{
    private const string ProviderPath = $"{AgentsOptions.Section}:{nameof(AgentsOptions.Provider)}";

    public void Configure(AgentsOptions options)
    {
        var provider = ReadProvider();
        try
        {
            // Without the provider, which is read above; an empty one is none, and no value that the binder knows.
            var others = configuration.GetSection(AgentsOptions.Section).AsEnumerable()
                .Where(setting => !string.Equals(setting.Key, ProviderPath, StringComparison.OrdinalIgnoreCase));
            new ConfigurationBuilder().AddInMemoryCollection(others).Build().GetSection(AgentsOptions.Section).Bind(options);
        }
        catch (InvalidOperationException e)
        {
            // The binder's message quotes the value; the name of the setting is enough.
            var path = SettingPath().Match(e.Message) is { Success: true } match ? match.Groups[1].Value : AgentsOptions.Section;
            throw Wrong($"{path.Replace(":", "__", StringComparison.Ordinal)} cannot be read: its value has the wrong form. Correct it or remove it.");
        }

        options.Provider = provider;
        var cheapest = options.Prices.SelectMany(price => new[] { price.Input, price.Output }).Where(price => price > 0).DefaultIfEmpty().Min();
        options.Budget.TokensPerMoney = cheapest > 0 ? 1_000_000m / cheapest : 0;
    }

    private AgentsProvider ReadProvider()
    {
        var text = configuration[ProviderPath];
        if (string.IsNullOrWhiteSpace(text))
        {
            return AgentsProvider.Offline;
        }

        var known = Enum.GetNames<AgentsProvider>();
        var name = Array.Find(known, candidate => string.Equals(candidate, text.Trim(), StringComparison.OrdinalIgnoreCase));
        return name is not null
            ? Enum.Parse<AgentsProvider>(name)
            : throw Wrong(
                $"Agents__Provider is \"{MarkdownText.OneLine(text, 40)}\", which this version does not have; " +
                $"set it to {string.Join(" or ", known)}, or remove it.");
    }

    private static OptionsValidationException Wrong(string message) => new(AgentsOptions.Section, typeof(AgentsOptions), [message]);

    [GeneratedRegex("at '([^']+)'", RegexOptions.NonBacktracking)]
    private static partial Regex SettingPath();
}
