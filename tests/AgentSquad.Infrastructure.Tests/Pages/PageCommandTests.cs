using AgentSquad.Infrastructure.Tests.Workflows;
using AgentSquad.TestSupport;

namespace AgentSquad.Infrastructure.Tests.Pages;

/// <summary>A command that a page tells people to type is run by CI or by a test, or the page says why it cannot be.</summary>
public sealed class PageCommandTests
{
    // What tests run, by the name of the test; anything else has to be in a workflow or in a script that a workflow runs.
    private static readonly Dictionary<string, string> RunByTests = new()
    {
        ["dotnet run --project src/AgentSquad.Cli -- up"] = "KeptSystemTests: the same system, started and stopped by the command",
        ["dotnet run --project src/AgentSquad.Cli -- doctor"] = "DoctorTests, and ConnectTests as a process",
        ["dotnet run --project src/AgentSquad.Cli -- connect --url https://squad.example.com"] = "ConnectTests: with the address of a proxy in front of the app",
        ["dotnet run --project src/AgentSquad.Cli -- poison list"] = "PoisonQueueTests",
        ["dotnet publish src/AgentSquad.Functions -c Release -o publish"] = "PublishedAppTests",
        ["dotnet build src/AgentSquad.Functions -p:FunctionsHost=Azure"] = "AzureFlavourTests, and azure-host.yml for the whole solution",
    };

    [Fact]
    public void Pages_EveryCommand_IsRunOrExcused()
    {
        var run = Workflow.All.SelectMany(workflow => workflow.Commands).Append(ReadText(".ci/run")).Append(ReadText(".github/core-tools-run")).ToList();
        var idle = PageCommand.All
            .Where(command => !command.IsExcused && !RunByTests.ContainsKey(command.Text) && !run.Exists(line => line.Contains(command.Text, StringComparison.Ordinal)))
            .Select(command => $"{command.Page}: {command.Text}").ToList();

        Assert.True(
            idle.Count == 0,
            $"Nobody runs these; let CI or a test run them (and name the test here), or write 'Not run by a test or CI, because ...' before the block:\n{string.Join('\n', idle)}");
        Assert.All(RunByTests.Keys, command => Assert.Contains(PageCommand.All, shown => shown.Text == command));
    }

    [Fact]
    public void Workflows_TheirCommands_AreOnThePages()
    {
        var pages = string.Join(
            '\n', Directory.GetFiles(Path.Combine(RepositoryPaths.Root, "docs"), "*.md").Append(Path.Combine(RepositoryPaths.Root, "README.md"))
                .Append(Path.Combine(RepositoryPaths.Root, "CONTRIBUTING.md")).Select(File.ReadAllText));
        Assert.All(Workflow.All.SelectMany(workflow => workflow.Commands), command => Assert.Contains(command, pages, StringComparison.Ordinal));
    }

    [Fact]
    public void Read_BlockWithAndWithoutExcuse_TellsThemApart()
    {
        const string Page = "Run it:\n\n```sh\na \\\n  b\n# note\n```\n\nNot run by a test or CI, because it\nneeds an account:\n\n```sh\nc\n```\n";
        Assert.Equal([new("p", "a    b", false), new("p", "c", true)], PageCommand.Read("p", Page));
    }

    private static string ReadText(string file) => string.Join('\n', File.ReadLines(Path.Combine(RepositoryPaths.Root, file)).Select(line => line.Replace(" -c \"$configuration\"", "", StringComparison.Ordinal).Replace(" --no-build", "", StringComparison.Ordinal)));
}
