using System.Diagnostics;
using AgentSquad.Cli;
using AgentSquad.Cli.LocalSystem;
using AgentSquad.EndToEnd.Tests.Support;
using AgentSquad.TestSupport;

namespace AgentSquad.EndToEnd.Tests.Repository;

/// <summary>What <c>dotnet publish</c> makes is all that a service needs, and holds nobody's settings.</summary>
public sealed class PublishedAppTests : IDisposable
{
    private const string LocalDataVariable = "XDG_DATA_HOME";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("squad-publish-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Publish_StartedElsewhereWithVariablesOnly_IsHealthyAndHoldsNoSettings()
    {
        var settings = Path.Combine(_folder.FullName, "local.settings.json");
        await File.WriteAllTextAsync(settings, """{ "Values": { "Jira__ApiToken": "planted-token" } }""");
        var published = Path.Combine(_folder.FullName, "app");
        await PublishAsync(published, settings);

        Assert.True(File.Exists(Path.Combine(published, "host.json")));
        Assert.Empty(Directory.GetFiles(published, "local.settings*", SearchOption.AllDirectories));
        Assert.Empty(Directory.GetFiles(published, ".env*", SearchOption.AllDirectories));

        await using var azurite = await AzuriteProcess.StartAsync();
        var environment = ChildEnvironment.Minimal();
        environment["AzureWebJobsStorage"] = azurite.ConnectionString;
        environment[LocalDataVariable] = _folder.FullName;
        environment["Jira__BaseUrl"] = "https://jira.example";
        environment["Jira__Email"] = "squad@example.com";
        environment["Jira__ApiToken"] = "token";
        environment["Jira__WebhookSecret"] = "secret";
        await using var app = await ManagedProcess.StartAsync(
            BuildInfo.Dotnet, Path.Combine(published, "AgentSquad.Functions.dll"), ["--port", "0"], environment, _folder.FullName);
        using var http = LocalHttp.Create();
        await FunctionAppClient.WaitUntilHealthyAsync(http, app.Url, SquadCli.Timeout, default);
        Assert.DoesNotContain("planted-token", app.Said, StringComparison.Ordinal);

        // The command looks for the keys where the host has put them.
        if (OperatingSystem.IsWindows()) return;
        var localData = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        Assert.NotNull(HostKeys.Read(Path.Combine(_folder.FullName, Path.GetRelativePath(localData, HostKeys.DefaultFile))));
    }

    // As this test was built, so that nothing has to be compiled again.
    private static async Task PublishAsync(string folder, string settings)
    {
        var configuration = BuildInfo.FunctionApp.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Release" : "Debug";
        var project = Path.Combine(RepositoryPaths.Root, "src", "AgentSquad.Functions");
        var start = new ProcessStartInfo(
            BuildInfo.Dotnet, ["publish", project, "-c", configuration, "-o", folder, "--no-build", "-nologo", "-nodeReuse:false", $"-p:LocalSettingsFile={settings}"])
        {
            RedirectStandardOutput = true,
        };
        using var publish = Process.Start(start)!;
        var said = await publish.StandardOutput.ReadToEndAsync();
        await publish.WaitForExitAsync();
        Assert.True(publish.ExitCode == 0, said);
    }
}
