using AgentSquad.Cli.LocalSystem;
using AgentSquad.Cli.Processes;

namespace AgentSquad.Cli.Tests.Processes;

public sealed class GuardClientTests : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("squad-guard-");

    public void Dispose() => _folder.Delete(recursive: true);

    [SkippableFact]
    public async Task StartAsync_ReadyLines_ComeBackInOrder()
    {
        Skip.If(OperatingSystem.IsWindows(), "The children of this test are shell scripts.");
        await using var guard = GuardClient.Start();

        var lines = await guard.StartAsync(Shell("echo noise; echo two 2; echo one 1; exec sleep 1000", "one", "two"), Timeout, default);

        Assert.Equal(["two 2", "one 1"], lines);
    }

    [SkippableFact]
    public async Task StartAsync_ChildEndsBeforeItIsReady_ThrowsWithItsLastWords()
    {
        Skip.If(OperatingSystem.IsWindows(), "The children of this test are shell scripts.");
        await using var guard = GuardClient.Start();

        var exception = await Assert.ThrowsAsync<CliException>(
            () => guard.StartAsync(Shell("echo 'Port 1 is in use; choose another with --port' >&2; exit 3", "never"), Timeout, default));

        Assert.Contains("exit code 3", exception.Message, StringComparison.Ordinal);
        Assert.Contains("choose another with --port", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_NoSuchExecutable_ThrowsWithItsName()
    {
        await using var guard = GuardClient.Start();
        var spec = Shell("", "never") with { File = "squad-no-such-file" };

        var exception = await Assert.ThrowsAsync<CliException>(() => guard.StartAsync(spec, Timeout, default));

        Assert.Contains("squad-no-such-file", exception.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task StartAsync_Environment_IsExactlyTheGivenOne()
    {
        Skip.If(OperatingSystem.IsWindows(), "The children of this test are shell scripts.");
        await using var guard = GuardClient.Start();
        var spec = Shell("env; echo ready; exec sleep 1000", "ready") with
        {
            Environment = new Dictionary<string, string> { ["PATH"] = Environment.GetEnvironmentVariable("PATH")!, ["ONLY"] = "this" },
        };

        await guard.StartAsync(spec, Timeout, default);

        // The shell itself adds the last two.
        var names = File.ReadLines(spec.Log).Where(l => l.Contains('=', StringComparison.Ordinal)).Select(l => l.Split('=')[0]);
        Assert.Empty(names.Except(["PATH", "ONLY", "PWD", "SHLVL", "_", "OLDPWD"]));
    }

    [SkippableFact]
    public async Task DisposeAsync_ChildWithDescendants_LeavesNothingBehind()
    {
        Skip.If(OperatingSystem.IsWindows(), "The children of this test are shell scripts.");
        IReadOnlyList<string> lines;
        await using (var guard = GuardClient.Start())
        {
            lines = await guard.StartAsync(
                Shell("sleep 1000 & echo pid $!; nohup sleep 1000 >/dev/null 2>&1 & echo pid $!; echo pid $$; wait", "pid", "pid", "pid"), Timeout, default);
            Assert.All(Pids(lines), pid => Assert.True(NativeProcess.IsAlive(pid)));
        }

        Assert.All(Pids(lines), pid => Assert.False(IsRunning(pid)));
    }

    [SkippableFact]
    public async Task DisposeAsync_SeveralChildren_StopsThemInReverseOrder()
    {
        Skip.If(OperatingSystem.IsWindows(), "The children of this test are shell scripts.");
        var order = Path.Combine(_folder.FullName, "order");
        await using (var guard = GuardClient.Start())
        {
            foreach (var name in (string[])["first", "second"])
            {
                var spec = Shell($"trap 'echo {name} >> \"{order}\"; exit 0' TERM; echo ready; while :; do sleep 0.05; done", "ready");
                await guard.StartAsync(spec with { Name = name }, Timeout, default);
            }
        }

        Assert.Equal(["second", "first"], await File.ReadAllLinesAsync(order));
    }

    [SkippableFact]
    public async Task Exits_ChildDiesAndIsStartedAgain_NamesItEachTime()
    {
        Skip.If(OperatingSystem.IsWindows(), "The children of this test are shell scripts.");
        await using var guard = GuardClient.Start();
        for (var time = 0; time < 2; time++)
        {
            var lines = await guard.StartAsync(Shell("echo pid $$; exec sleep 1000", "pid"), Timeout, default);

            NativeProcess.Terminate(Pids(lines)[0]);

            var exit = await guard.Exits.ReadAsync().AsTask().WaitAsync(Timeout);
            Assert.Equal("shell", exit.Name);
        }
    }

    [SkippableFact]
    public async Task DetachAsync_ThenTerminate_StopsEverythingAndCleansUp()
    {
        Skip.If(OperatingSystem.IsWindows(), "The children of this test are shell scripts.");
        var file = Path.Combine(_folder.FullName, "state");
        await File.WriteAllTextAsync(file, "");
        int supervisor, child;
        await using (var guard = GuardClient.Start())
        {
            child = Pids(await guard.StartAsync(Shell("echo pid $$; exec sleep 1000", "pid"), Timeout, default))[0];
            supervisor = guard.ProcessId;
            await guard.DetachAsync([file]);
        }

        Assert.True(NativeProcess.IsAlive(child));
        NativeProcess.Terminate(supervisor);
        await Eventually.HoldsAsync(() => !IsRunning(child) && !IsRunning(supervisor));
        Assert.False(File.Exists(file));
    }

    private static List<int> Pids(IEnumerable<string> lines) => [.. lines.Select(l => int.Parse(l.Split(' ')[1]))];

    // A process that has ended but that nobody has waited for yet is not running.
    private static bool IsRunning(int pid)
    {
        var stat = $"/proc/{pid}/stat";
        if (!Directory.Exists("/proc/self")) return NativeProcess.IsAlive(pid);
        try
        {
            return File.ReadAllText(stat).Split(')')[^1].TrimStart()[0] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }

    private ChildSpec Shell(string script, params string[] ready) =>
        new("shell", "/bin/sh", ["-c", script], ChildEnvironment.Minimal(), Path.Combine(_folder.FullName, $"{Guid.NewGuid():N}.log"), ready);
}
