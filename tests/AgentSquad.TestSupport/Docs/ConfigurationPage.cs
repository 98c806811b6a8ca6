using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace AgentSquad.TestSupport.Docs;

/// <summary>The tables of docs/configuration.md, held against options classes.</summary>
public static partial class ConfigurationPage
{
    private static readonly Dictionary<string, string> Page = Read();

    /// <summary>The whole page.</summary>
    public static string Text => File.ReadAllText(Place);

    // What stands for a name of the reader's own; everything else that is looked up by name is FIELD.
    private static readonly (string End, string Word)[] FreeParts =
    [
        ("__Projects", "KEY"), ("Squad__MaxParallelOfRole", "ROLE"), ("Agents__Roles", "ROLE"), ("Agents__Mcp__Servers", "SERVER"), ("Environment", "NAME"), ("Headers", "NAME"),
    ];

    /// <summary>Options without a row, and rows that name another default, one line each.</summary>
    /// <param name="options">The options class.</param>
    /// <param name="section">Name of its configuration section.</param>
    public static IReadOnlyList<string> Behind(Type options, string section)
    {
        var problems = new List<string>();
        foreach (var (name, value) in OptionsOf(options, section))
        {
            if (!Page.TryGetValue(name, out var told)) problems.Add($"add a row: | `{name}` | {value} | ... |");
            else if (told != value && !(value == "none" && told.StartsWith("none (", StringComparison.Ordinal)) && told != "as above") problems.Add($"`{name}`: the page says {told}, the code {value}");
        }

        return problems;
    }

    /// <summary>Rows of a section that no option stands behind.</summary>
    /// <param name="options">The options class.</param>
    /// <param name="section">Name of its configuration section.</param>
    public static IReadOnlyList<string> Invented(Type options, string section)
    {
        var known = OptionsOf(options, section).Select(option => option.Name).ToHashSet(StringComparer.Ordinal);
        return [.. Page.Keys.Where(name => name.StartsWith(section + "__", StringComparison.Ordinal)).Except(known)];
    }

    private static IEnumerable<(string Name, string Default)> OptionsOf(Type type, string path) => OptionsOf(type, Activator.CreateInstance(type)!, path);

    private static IEnumerable<(string Name, string Default)> OptionsOf(Type type, object instance, string path)
    {
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var name = $"{path}__{property.Name}";
            var value = property.GetValue(instance);
            var valueType = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            if (property.SetMethod is null && value is not IList and not IDictionary && !IsOptions(valueType)) continue;
            if (typeof(IDictionary).IsAssignableFrom(valueType))
            {
                var item = valueType.GetGenericArguments()[1];

                // Options of single projects within those of all: one level of it means something.
                if (item == type && path.EndsWith("KEY", StringComparison.Ordinal)) continue;
                var word = FreeParts.Where(part => name.EndsWith(part.End, StringComparison.Ordinal)).Select(part => part.Word).FirstOrDefault() ?? "FIELD";
                var each = $"{name}__{word}";
                if (IsOptions(item)) foreach (var inner in OptionsOf(item, each)) yield return inner;
                else yield return (typeof(IEnumerable).IsAssignableFrom(item) && item != typeof(string) ? each + "__0" : each, "none");
            }
            else if (IsOptions(valueType))
            {
                foreach (var inner in OptionsOf(valueType, value ?? Activator.CreateInstance(valueType)!, name)) yield return inner;
            }
            else if (valueType != typeof(string) && typeof(IEnumerable).IsAssignableFrom(valueType))
            {
                if (valueType.IsGenericType && IsOptions(valueType.GetGenericArguments()[0]))
                {
                    foreach (var inner in OptionsOf(valueType.GetGenericArguments()[0], $"{name}__0")) yield return inner;
                }
                else
                {
                    yield return ($"{name}__0", "none");
                }
            }
            else
            {
                yield return (name, Written(value));
            }
        }
    }

    private static bool IsOptions(Type type) =>
        type is { IsClass: true, Namespace: { } space } && space.StartsWith("AgentSquad", StringComparison.Ordinal);

    private static string Written(object? value) => value switch
    {
        null or "" => "none",
        bool flag => flag ? "true" : "false",
        TimeSpan time => time.ToString("c", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static Dictionary<string, string> Read()
    {
        var rows = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(Place).Where(line => line.StartsWith("| `", StringComparison.Ordinal)))
        {
            var cells = line.Trim('|', ' ').Split('|').Select(cell => cell.Trim()).ToList();
            foreach (Match name in Names().Matches(cells[0])) rows[name.Groups[1].Value] = cells[1].Trim('`');
        }

        return rows;
    }

    private static string Place => Path.Combine(RepositoryPaths.Root, "docs", "configuration.md");

    [GeneratedRegex("`([A-Za-z0-9_.]+)`")]
    private static partial Regex Names();
}
