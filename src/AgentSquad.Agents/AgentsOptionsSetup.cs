using AgentSquad.Core.Voice;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace AgentSquad.Agents;

/// <summary>Reads the section <c>Agents</c>. Written out, because binding an enum by itself names neither the setting's fix nor its values.</summary>
internal sealed class AgentsOptionsSetup(IConfiguration configuration) : IConfigureOptions<AgentsOptions>
{
    public void Configure(AgentsOptions options)
    {
        var text = configuration[$"{AgentsOptions.Section}:{nameof(AgentsOptions.Provider)}"];
        if (string.IsNullOrWhiteSpace(text))
        {
            return;
        }

        var known = Enum.GetNames<AgentsProvider>();
        var name = Array.Find(known, candidate => string.Equals(candidate, text.Trim(), StringComparison.OrdinalIgnoreCase));
        options.Provider = name is not null
            ? Enum.Parse<AgentsProvider>(name)
            : throw new OptionsValidationException(AgentsOptions.Section, typeof(AgentsOptions),
            [
                $"Agents__Provider is \"{MarkdownText.OneLine(text, 40)}\", which this version does not have; " +
                $"set it to {string.Join(" or ", known)}, or remove it.",
            ]);
    }
}
