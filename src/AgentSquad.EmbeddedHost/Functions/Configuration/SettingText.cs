using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace AgentSquad.EmbeddedHost.Functions.Configuration;

/// <summary>Texts in attributes and host.json that refer to settings as <c>%name%</c>.</summary>
internal static partial class SettingText
{
    /// <summary>Replaces references; throws <see cref="HostStartException"/> that names a missing setting and who asked for it.</summary>
    public static string Resolve(string text, IConfiguration settings, string where) => Reference().Replace(text, match =>
    {
        var name = match.Groups["name"].Value;
        return settings[name.Replace("__", ":", StringComparison.Ordinal)]
            ?? throw new HostStartException($"{where} refers to the setting '{name}', which is not set: set it in the environment or in local.settings.json.");
    });

    [GeneratedRegex("%(?<name>[^%]+)%")]
    private static partial Regex Reference();
}
