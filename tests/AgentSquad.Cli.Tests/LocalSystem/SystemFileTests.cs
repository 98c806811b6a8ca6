using AgentSquad.Cli.LocalSystem;

namespace AgentSquad.Cli.Tests.LocalSystem;

public sealed class SystemFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("squad-state-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Find_SystemThatRuns_IsFoundAndPrivate()
    {
        var system = Describe(Environment.ProcessId);

        system.Save(_folder.FullName);

        Assert.Equal(system, SystemFile.Find(_folder.FullName));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(SystemFile.PathIn(_folder.FullName)));
        }
    }

    [Fact]
    public void Find_SupervisorIsGone_RemovesTheFile()
    {
        Describe(int.MaxValue).Save(_folder.FullName);

        Assert.Null(SystemFile.Find(_folder.FullName));
        Assert.False(File.Exists(SystemFile.PathIn(_folder.FullName)));
    }

    [Fact]
    public void Find_HalfWritten_CountsAsNone()
    {
        File.WriteAllText(SystemFile.PathIn(_folder.FullName), "{\"functionApp\":");

        Assert.Null(SystemFile.Find(_folder.FullName));
    }

    [Fact]
    public void Require_NothingRuns_SaysHowToStart()
    {
        var exception = Assert.Throws<CliException>(() => SystemFile.Require(_folder.FullName));

        Assert.Contains("squad up", exception.Message, StringComparison.Ordinal);
    }

    private static SystemFile Describe(int pid) =>
        new("http://127.0.0.1:1", null, "UseDevelopmentStorage=true", "secret", "keys.json", "https://acme.example", pid, "logs");
}
