using System.Text.RegularExpressions;

namespace AgentSquad.EmbeddedHost.Tests.Surface;

/// <summary>Compares declared types with the official listings.</summary>
internal static partial class SurfaceComparison
{
    /// <summary>
    /// What the surface leaves out although a rule asks for it, by what the listing's line contains, each for its reason.
    /// </summary>
    public static readonly IReadOnlyDictionary<string, string> Exceptions = new Dictionary<string, string>
    {
        ["Microsoft.DurableTask.Entities."] = "durable entities are not part of the embedded host",
        ["Microsoft.DurableTask.Client.Entities."] = "durable entities are not part of the embedded host",
        ["DurableTask.Core.History."] = "its type is outside the listings",
    };

    /// <summary>Everything that is declared but is not official in the same words.</summary>
    public static IEnumerable<string> NotOfficial(ApiType declared, IReadOnlyDictionary<string, ApiType> official)
    {
        if (!official.TryGetValue(declared.Name, out var original))
        {
            yield return $"{declared.Name}: no such official type";
            yield break;
        }

        if (declared.Header != original.Header) yield return $"{declared.Header}\n   official: {original.Header}";
        foreach (var member in declared.Members.Except(original.Members).Order(StringComparer.Ordinal))
            yield return $"{declared.Name}: {member}";
    }

    /// <summary>Official members that must be there: every overload of a declared method and every abstract member.</summary>
    public static IEnumerable<string> Missing(ApiType declared, IReadOnlyDictionary<string, ApiType> official)
    {
        if (!official.TryGetValue(declared.Name, out var original)) yield break;
        var names = declared.Members.Select(MethodName).OfType<string>().ToHashSet();
        var isInterface = original.Header.Contains("public interface ", StringComparison.Ordinal);
        foreach (var member in original.Members.Except(declared.Members).Order(StringComparer.Ordinal))
        {
            if (Exceptions.Keys.Any(part => member.Contains(part, StringComparison.Ordinal))) continue;
            if (isInterface || member.Contains(" abstract ", StringComparison.Ordinal)) yield return $"{declared.Name}: abstract member {member}";
            else if (MethodName(member) is { } name && names.Contains(name)) yield return $"{declared.Name}: overload {member}";
        }
    }

    /// <summary>Official members that are not there and that no exception names.</summary>
    public static IEnumerable<string> LeftOut(ApiType declared, IReadOnlyDictionary<string, ApiType> official) =>
        official[declared.Name].Members.Except(declared.Members)
            .Where(member => !Exceptions.Keys.Any(part => member.Contains(part, StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal);

    // The word before the parameter list, generic or not; the constructor's is the type's name. Null for a property or field.
    private static string? MethodName(string member)
    {
        var match = Method().Match(Attributes().Replace(member, ""));
        return match.Success ? match.Groups["name"].Value : null;
    }

    [GeneratedRegex(@"^[^({=]*?(?<name>\w+)(?:<[\w, ]+>)?\(")]
    private static partial Regex Method();

    [GeneratedRegex(@"^(?:\[.*?\)\] )+")]
    private static partial Regex Attributes();
}
