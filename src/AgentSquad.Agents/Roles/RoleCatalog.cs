using AgentSquad.Agents.Models;
using AgentSquad.Core.Squad;
using Microsoft.Extensions.Options;

namespace AgentSquad.Agents.Roles;

/// <summary>All roles: the built-in files, those of the configured folder in their place, and what the configuration changes in single ones.</summary>
internal sealed class RoleCatalog
{
    private readonly Dictionary<SquadRole, RoleSettings> _roles = [];

    /// <summary>Reads all files.</summary>
    /// <exception cref="OptionsValidationException">A file cannot be used.</exception>
    public RoleCatalog(IOptions<AgentsOptions> options)
    {
        try
        {
            foreach (var role in Enum.GetValues<SquadRole>())
            {
                var file = RoleFile.Read($"Roles/{role}.md", Texts.Read($"Roles/{role}.md"));
                var own = options.Value.RolesFolder.Length == 0 ? null : Path.Combine(options.Value.RolesFolder, $"{role}.md");
                if (File.Exists(own)) file = RoleFile.Read(own, File.ReadAllText(own));
                if (file.Role != role) throw new RoleFileException($"{role}.md describes {file.Role}; name the file after its role.");
                _roles.Add(role, Settle(file, options.Value));
            }
        }
        catch (RoleFileException e)
        {
            throw new OptionsValidationException(AgentsOptions.Section, typeof(AgentsOptions), [e.Message]);
        }
    }

    /// <summary>A role.</summary>
    public RoleSettings this[SquadRole role] => _roles[role];

    /// <summary>All roles.</summary>
    public IEnumerable<RoleSettings> All => _roles.Values;

    private static RoleSettings Settle(RoleFile file, AgentsOptions options)
    {
        var own = options.Roles.GetValueOrDefault(file.Role.ToString()) ?? new RoleOptions();
        var model = First(own.Model, file.Model, options.Model);
        if (options.Budget.HasMoney && !options.Prices.Any(price => string.Equals(price.Model, model, StringComparison.OrdinalIgnoreCase)))
        {
            throw new RoleFileException($"{file.Role} uses {model}, which has no price; add it under Agents__Prices, or remove the limits under Agents__Budget.");
        }

        return new RoleSettings(
            file.Role, model, own.Temperature ?? file.Temperature, own.MaxOutputTokens ?? file.MaxOutputTokens ?? options.MaxOutputTokens,
            [.. file.Tools.Concat(own.Tools).Distinct(StringComparer.Ordinal)], file.Text);
    }

    private static string First(params IEnumerable<string?> names) => names.FirstOrDefault(name => !string.IsNullOrWhiteSpace(name)) ?? "";
}

/// <summary>A role as it works, after all overrides.</summary>
/// <param name="Role">The role.</param>
/// <param name="Model">Its model.</param>
/// <param name="Temperature">Its temperature; null for the model's own.</param>
/// <param name="MaxOutputTokens">Most tokens of one answer.</param>
/// <param name="Tools">Tools that it may use: <c>server/tool</c> or <c>server/*</c>.</param>
/// <param name="Text">What it is told.</param>
internal sealed record RoleSettings(SquadRole Role, string Model, float? Temperature, int MaxOutputTokens, IReadOnlyList<string> Tools, string Text);
