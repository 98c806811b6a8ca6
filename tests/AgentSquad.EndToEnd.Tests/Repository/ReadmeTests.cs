using System.Text.RegularExpressions;
using AgentSquad.TestSupport;

namespace AgentSquad.EndToEnd.Tests.Repository;

/// <summary>What the README tells a newcomer to type is what CI runs.</summary>
public sealed partial class ReadmeTests
{
    [Fact]
    public void Readme_ItsTwoCommands_AreRunByCi()
    {
        var commands = ShellBlocks().Matches(Read("README.md")).Select(m => m.Groups[1].Value.Trim()).ToList();
        var ci = ConfigurationOptions().Replace(Read(".ci/run"), "");

        Assert.Equal(["dotnet run --project src/AgentSquad.Cli -- demo", "dotnet test"], commands);
        Assert.All(commands, command => Assert.Matches($"(?m)^ *{Regex.Escape(command)}( |$)", ci));
    }

    [Fact]
    public void Pages_LinksToFiles_LeadSomewhere()
    {
        foreach (var page in (string[])["README.md", "CONTRIBUTING.md", "docs/overview.md", "docs/architecture.md", "docs/jira-setup.md"])
        {
            var folder = Path.GetDirectoryName(Path.Combine(RepositoryPaths.Root, page))!;
            foreach (var link in Links().Matches(Read(page)).Select(m => m.Groups[1].Value))
            {
                Assert.True(File.Exists(Path.Combine(folder, link)), $"{page} links to {link}, which is not there.");
            }
        }
    }

    [Fact]
    public void Contributing_ItsPaths_Exist()
    {
        var paths = Paths().Matches(Read("CONTRIBUTING.md")).Select(m => m.Value.TrimEnd('.')).Distinct().ToList();

        Assert.NotEmpty(paths);
        Assert.All(paths, path => Assert.True(Path.Exists(Path.Combine(RepositoryPaths.Root, path)), path));
    }

    private static string Read(string file) => File.ReadAllText(Path.Combine(RepositoryPaths.Root, file));

    [GeneratedRegex(@"```sh\n([^`]+)```")]
    private static partial Regex ShellBlocks();

    [GeneratedRegex("""( -c "\$configuration"| --no-build)""")]
    private static partial Regex ConfigurationOptions();

    [GeneratedRegex(@"\]\((?!https?:)([^)#]+)\)")]
    private static partial Regex Links();

    [GeneratedRegex(@"(?<=[` ])(src|tests)/AgentSquad[A-Za-z.]*(?=[` ])")]
    private static partial Regex Paths();
}
