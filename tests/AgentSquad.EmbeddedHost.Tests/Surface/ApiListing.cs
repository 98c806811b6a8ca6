using System.Text.RegularExpressions;

namespace AgentSquad.EmbeddedHost.Tests.Surface;

/// <summary>One public type as a line for itself and one for each public or protected member.</summary>
internal sealed record ApiType(string Name, string Header, IReadOnlySet<string> Members);

/// <summary>Public API in the text form of the reference listings.</summary>
internal static partial class ApiListing
{
    // How a function's input is converted is the host's own affair; these attributes name the official host's internal converters.
    private static readonly string[] HostInternalAttributes =
        ["InputConverterAttribute", "ConverterFallbackBehaviorAttribute", "BindingCapabilitiesAttribute", "Newtonsoft.Json.JsonPropertyAttribute"];

    /// <summary>Reads every listing of a folder; a type that several assemblies extend under one name is merged.</summary>
    public static IReadOnlyDictionary<string, ApiType> Read(string folder)
    {
        var types = new Dictionary<string, (string Header, HashSet<string> Members)>();
        foreach (var file in Directory.EnumerateFiles(folder, "Microsoft.*.txt").Order(StringComparer.Ordinal))
        {
            HashSet<string>? members = null;
            foreach (var line in File.ReadLines(file))
            {
                if (line.Length == 0 || line[0] == '#') continue;
                if (line[0] == ' ') members!.Add(WithoutHostAttributes(line.Trim()));
                else members = Open(types, WithoutHostAttributes(line));
            }
        }

        return types.ToDictionary(type => type.Key, type => new ApiType(type.Key, type.Value.Header, type.Value.Members));
    }

    /// <summary>The type's full name with its parameters, out of its header line.</summary>
    public static string NameOf(string header)
    {
        var match = TypeName().Match(header);
        if (!match.Success) throw new FormatException($"No type name in '{header}'.");
        return match.Groups["name"].Value;
    }

    private static HashSet<string> Open(Dictionary<string, (string Header, HashSet<string> Members)> types, string header)
    {
        var name = NameOf(header);
        if (!types.TryGetValue(name, out var type)) types[name] = type = (header, []);
        return type.Members;
    }

    private static string WithoutHostAttributes(string line)
        => LeadingAttribute().Replace(line, match => HostInternalAttributes.Any(match.Value.Contains) ? "" : match.Value);

    // A delegate's name comes after its return type, everything else after its kind.
    [GeneratedRegex(@"(?:\bdelegate \S+|\b(?:class|interface|enum|record struct|record|struct)) (?<name>[\w.]+(?:<[\w, ]+>)?)")]
    private static partial Regex TypeName();

    [GeneratedRegex(@"\[[^\[\]]*(?:\[[^\[\]]*\][^\[\]]*)*\] ")]
    private static partial Regex LeadingAttribute();
}
