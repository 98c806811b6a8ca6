using AgentSquad.EmbeddedHost.Functions.Configuration;
using AgentSquad.EmbeddedHost.Http;

namespace AgentSquad.EmbeddedHost.Tests.Http;

public sealed class HostKeysFileTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"agentsquad-keys-{Guid.NewGuid():N}");

    private string File1 => Path.Combine(_folder, "sub", "keys.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void ReadOrCreate_NoFile_MakesKeysThatStay()
    {
        var first = HostKeysFile.ReadOrCreate(File1);
        var second = HostKeysFile.ReadOrCreate(File1);
        Assert.Equal(first.MasterKey, second.MasterKey);
        Assert.Equal(first.FunctionKeys["default"], second.FunctionKeys["default"]);
        Assert.Equal(first.SystemKeys["durabletask_extension"], second.SystemKeys["durabletask_extension"]);
        Assert.True(first.MasterKey.Length >= 40);
        Assert.NotEqual(first.MasterKey, first.FunctionKeys["default"]);
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(File1)!));
    }

    [SkippableFact]
    public void ReadOrCreate_Unix_OnlyTheOwnerReads()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no file modes.");
#pragma warning disable CA1416 // Skipped on Windows just above.
        HostKeysFile.ReadOrCreate(File1);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(File1));
        File.SetUnixFileMode(File1, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        HostKeysFile.ReadOrCreate(File1);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(File1));
#pragma warning restore CA1416
    }

    [Fact]
    public async Task ReadOrCreate_ManyAtOnce_AgreeOnOneSetOfKeys()
    {
        // All at the same moment, and again and again: a lost race is rare.
        for (var round = 0; round < 20; round++)
        {
            var path = Path.Combine(_folder, $"{round}", "keys.json");
            using var start = new Barrier(8);
            var keys = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    return HostKeysFile.ReadOrCreate(path).MasterKey;
                },
                CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
            Assert.Single(keys.Distinct());
            Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!));
        }
    }

    [Fact]
    public void ReadOrCreate_Damaged_SaysWhatToDo()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File1)!);
        File.WriteAllText(File1, "{\"masterKey\":");
        var problem = Assert.Throws<HostStartException>(() => HostKeysFile.ReadOrCreate(File1));
        Assert.Contains("delete it", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadOrCreate_NotAFolder_NamesTheSetting()
    {
        Directory.CreateDirectory(_folder);
        var file = Path.Combine(_folder, "occupied");
        File.WriteAllText(file, "");
        var problem = Assert.Throws<HostStartException>(() => HostKeysFile.ReadOrCreate(Path.Combine(file, "keys.json")));
        Assert.Contains("EmbeddedHost__KeysFile", problem.Message, StringComparison.Ordinal);
    }
}
