namespace AgentSquad.Cli.Explain;

/// <summary>Turns file, folder and pattern arguments into files.</summary>
internal static class WebhookFiles
{
    /// <summary>The files that the arguments mean, each argument's in order of name. What matches nothing is kept as it is, to be reported.</summary>
    public static IEnumerable<string> Expand(IEnumerable<string> arguments) => arguments.SelectMany(Expand);

    private static IEnumerable<string> Expand(string argument)
    {
        if (Directory.Exists(argument)) return Sorted(Directory.EnumerateFiles(argument, "*.json"));
        var name = Path.GetFileName(argument);
        var folder = Path.GetDirectoryName(argument) is { Length: > 0 } given ? given : ".";
        if (File.Exists(argument) || name.IndexOfAny(['*', '?']) < 0 || !Directory.Exists(folder)) return [argument];
        var matches = Sorted(Directory.EnumerateFiles(folder, name));
        return matches.Count > 0 ? matches : [argument];
    }

    private static List<string> Sorted(IEnumerable<string> files) => [.. files.Order(StringComparer.Ordinal)];
}
