using System.Text;

namespace AgentSquad.Agents;

/// <summary>The Markdown files inside this assembly.</summary>
internal static class Texts
{
    /// <summary>Reads one, such as <c>Prompts/Rules.md</c>.</summary>
    public static string Read(string name)
    {
        using var stream = typeof(Texts).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The file {name} is not part of the build.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
