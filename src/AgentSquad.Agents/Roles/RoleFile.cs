using AgentSquad.Core.Squad;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace AgentSquad.Agents.Roles;

/// <summary>A role as its Markdown file describes it.</summary>
/// <param name="Role">The role.</param>
/// <param name="Model">Its model; empty for the configured one.</param>
/// <param name="Temperature">Its temperature; null for the model's own.</param>
/// <param name="MaxOutputTokens">Its limit; null for the configured one.</param>
/// <param name="Tools">Tools that it may use.</param>
/// <param name="Text">What it is told, Markdown.</param>
internal sealed record RoleFile(SquadRole Role, string Model, float? Temperature, int? MaxOutputTokens, IReadOnlyList<string> Tools, string Text)
{
    private const string Fence = "---";

    private static readonly IDeserializer Yaml = new DeserializerBuilder().WithNamingConvention(HyphenatedNamingConvention.Instance).Build();

    /// <summary>Reads a file.</summary>
    /// <param name="name">Name of the file, for messages.</param>
    /// <param name="content">Its content.</param>
    /// <exception cref="RoleFileException">It cannot be used; the message names the file and the fix.</exception>
    public static RoleFile Read(string name, string content)
    {
        var text = content.ReplaceLineEndings("\n");
        var end = text.StartsWith(Fence + "\n", StringComparison.Ordinal) ? text.IndexOf($"\n{Fence}\n", Fence.Length, StringComparison.Ordinal) : -1;
        if (end < 0)
        {
            throw new RoleFileException($"{name} has no front matter; begin it with a line of three hyphens, the settings, and three hyphens again.");
        }

        var body = text[(end + Fence.Length + 2)..].Trim();
        if (body.Length == 0)
        {
            throw new RoleFileException($"{name} says nothing below its front matter; write there what the role is told.");
        }

        var front = ReadFront(name, text[Fence.Length..end]);
        return Enum.TryParse<SquadRole>(front.Role, ignoreCase: true, out var role) && Enum.IsDefined(role)
            ? new RoleFile(role, front.Model ?? "", front.Temperature, front.MaxOutputTokens, front.Tools ?? [], body)
            : throw new RoleFileException($"{name} names no role of the squad; set role to one of {string.Join(", ", Enum.GetNames<SquadRole>())}.");
    }

    private static Front ReadFront(string name, string yaml)
    {
        try
        {
            var front = Yaml.Deserialize<Front?>(yaml) ?? new Front();
            return front.Temperature is < 0 or > 2 || front.MaxOutputTokens is < 100 or > 200_000
                ? throw new RoleFileException($"{name}: temperature is from 0 to 2, max-output-tokens from 100 to 200000.")
                : front;
        }
        catch (YamlException e)
        {
            throw new RoleFileException($"{name}: the front matter cannot be read near line {e.Start.Line + 1}; it knows role, model, temperature, max-output-tokens and tools.", e);
        }
    }

    /// <summary>The front matter.</summary>
    private sealed class Front
    {
        public string Role { get; set; } = "";

        public string? Model { get; set; }

        public float? Temperature { get; set; }

        public int? MaxOutputTokens { get; set; }

        public List<string>? Tools { get; set; }
    }
}

/// <summary>A role's file cannot be used. The message names the file and the fix.</summary>
internal sealed class RoleFileException : Exception
{
    public RoleFileException(string message) : base(message) { }

    public RoleFileException(string message, Exception innerException) : base(message, innerException) { }
}
