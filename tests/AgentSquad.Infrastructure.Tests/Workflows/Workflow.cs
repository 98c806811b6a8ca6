using AgentSquad.TestSupport;
using YamlDotNet.RepresentationModel;

namespace AgentSquad.Infrastructure.Tests.Workflows;

/// <summary>A file under <c>.github/workflows</c>, as text and as YAML.</summary>
internal sealed record Workflow(string Name, string Text, YamlMappingNode Root)
{
    public static IReadOnlyList<Workflow> All { get; } =
    [
        .. Directory.GetFiles(Path.Combine(RepositoryPaths.Root, ".github", "workflows"), "*.yml").Order(StringComparer.Ordinal)
            .Select(path => Parse(Path.GetFileName(path), File.ReadAllText(path))),
    ];

    /// <summary>The jobs by name.</summary>
    public IEnumerable<(string Name, YamlMappingNode Job)> Jobs =>
        ((YamlMappingNode)Root["jobs"]).Select(pair => (pair.Key.ToString(), (YamlMappingNode)pair.Value));

    /// <summary>The steps of all jobs.</summary>
    public IEnumerable<YamlMappingNode> Steps => Jobs.SelectMany(job => ((YamlSequenceNode)job.Job["steps"]).Cast<YamlMappingNode>());

    /// <summary>The shell lines of all steps.</summary>
    public IEnumerable<string> Commands => Steps.Select(step => Find(step, "run")?.ToString()).OfType<string>()
        .SelectMany(run => run.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    public static Workflow Parse(string name, string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return new Workflow(name, text, (YamlMappingNode)stream.Documents.Single().RootNode);
    }

    public static YamlNode? Find(YamlMappingNode node, string key) => node.Children.TryGetValue(key, out var value) ? value : null;

    /// <summary>The permissions of a workflow or job; null when it says nothing about them.</summary>
    public static IReadOnlyDictionary<string, string>? Permissions(YamlMappingNode node) => Find(node, "permissions") switch
    {
        null => null,
        YamlMappingNode map => map.ToDictionary(pair => pair.Key.ToString(), pair => pair.Value.ToString()),
        var scalar => new Dictionary<string, string> { ["*"] = scalar.ToString() },
    };
}
