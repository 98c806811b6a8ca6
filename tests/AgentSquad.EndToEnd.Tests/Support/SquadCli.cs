using System.Diagnostics;
using System.Text;
using AgentSquad.Cli;
using AgentSquad.Cli.LocalSystem;
using AgentSquad.Cli.Processes;

namespace AgentSquad.EndToEnd.Tests.Support;

/// <summary>
/// A real <c>squad</c> process in a world of its own: its own temporary folder (by which its descendants are recognised), its own state
/// folder, and an environment that holds only what a test puts there.
/// </summary>
internal sealed class SquadCli : IAsyncDisposable
{
    /// <summary>The one generous time-out of these tests.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromMinutes(3);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("squad-e2e-");
    private readonly Dictionary<string, string> _environment;

    public SquadCli(params (string Name, string Value)[] environment)
    {
        Temp = _folder.CreateSubdirectory("tmp").FullName;
        State = Path.Combine(_folder.FullName, "state");
        _environment = ChildEnvironment.Minimal();
        _environment["TMPDIR"] = Temp;
        _environment["EmbeddedHost__KeysFile"] = Path.Combine(_folder.FullName, "host-keys.json");
        foreach (var (name, value) in environment) _environment[name] = value;
    }

    /// <summary>What the command's TMPDIR is.</summary>
    public string Temp { get; }

    /// <summary>The state folder; pass it with <c>--state</c>.</summary>
    public string State { get; }

    /// <summary>Processes that this command has started and that still run.</summary>
    public IReadOnlyList<string> Descendants => ProcessScan.WithEnvironment("TMPDIR", Temp);

    /// <summary>Folders that a demo has left.</summary>
    public IReadOnlyList<string> Leftovers => [.. Directory.EnumerateFileSystemEntries(Temp, "agentsquad-*")];

    /// <summary>A file of this world.</summary>
    public string WriteFile(string name, string content)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, content);
        return path;
    }

    /// <summary>Starts a command.</summary>
    public RunningCommand Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(BuildInfo.Dotnet, [BuildInfo.Self, .. arguments, "--state", State])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder.FullName,
        };
        start.Environment.Clear();
        foreach (var (name, value) in _environment) start.Environment[name] = value;
        return new RunningCommand(Process.Start(start)!);
    }

    /// <summary>Runs a command to its end.</summary>
    public async Task<CommandResult> RunAsync(params string[] arguments)
    {
        using var command = Start(arguments);
        return await command.ExitAsync();
    }

    /// <summary>Ends whatever is left.</summary>
    public async ValueTask DisposeAsync()
    {
        if (File.Exists(SystemFile.PathIn(State))) await RunAsync("stop");
        foreach (var pid in ProcessScan.PidsWithEnvironment("TMPDIR", Temp)) NativeProcess.KillGroup(pid);
        try
        {
            _folder.Delete(recursive: true);
        }
        catch (IOException)
        {
            // A process that was killed a moment ago may still be writing its log; the folder is a temporary one.
        }
    }

    /// <summary>A command that runs.</summary>
    public sealed class RunningCommand : IDisposable
    {
        private readonly Process _process;
        private readonly StringBuilder _output = new();
        private readonly StringBuilder _error = new();
        private readonly Lock _lock = new();
        private readonly List<(string Text, TaskCompletionSource Seen)> _awaited = [];
        private readonly Task _pumps;

        public RunningCommand(Process process)
        {
            _process = process;
            _process.StandardInput.Close();
            _pumps = Task.WhenAll(PumpAsync(process.StandardOutput, _output), PumpAsync(process.StandardError, _error));
        }

        /// <summary>Process id.</summary>
        public int Pid => _process.Id;

        /// <summary>Waits until the command has said something, on either stream.</summary>
        public async Task SaysAsync(string text)
        {
            TaskCompletionSource seen;
            lock (_lock)
            {
                if (Said().Contains(text, StringComparison.Ordinal)) return;
                seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _awaited.Add((text, seen));
            }

            var ended = _process.WaitForExitAsync();
            var first = await Task.WhenAny(seen.Task, ended).WaitAsync(Timeout);
            if (first == ended)
            {
                await _pumps;
                Assert.Contains(text, Said(), StringComparison.Ordinal);
            }
        }

        /// <summary>Waits until the command has ended.</summary>
        public async Task<CommandResult> ExitAsync()
        {
            await _process.WaitForExitAsync().WaitAsync(Timeout);
            await _pumps.WaitAsync(Timeout);
            return new CommandResult(_process.ExitCode, _output.ToString(), _error.ToString());
        }

        /// <summary>Sends a signal, such as <c>INT</c>.</summary>
        public void Signal(string name)
        {
            using var kill = Process.Start("kill", [$"-{name}", $"{Pid}"]);
            kill.WaitForExit();
        }

        /// <summary>Ends the command with SIGKILL when it still runs; its children are left to their guard.</summary>
        public void Dispose()
        {
            if (!_process.HasExited) _process.Kill();
            _process.Dispose();
        }

        private string Said() => _output.ToString() + _error;

        private async Task PumpAsync(StreamReader reader, StringBuilder text)
        {
            while (await reader.ReadLineAsync() is { } line)
            {
                lock (_lock)
                {
                    text.AppendLine(line);
                    foreach (var (wanted, seen) in _awaited)
                    {
                        if (line.Contains(wanted, StringComparison.Ordinal)) seen.TrySetResult();
                    }
                }
            }
        }
    }
}

/// <summary>How a command ended.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Error)
{
    /// <summary>The last line of standard output.</summary>
    public string LastLine => Output.TrimEnd().Split('\n')[^1];

    /// <summary>Fails with everything that was said unless the exit code is as expected.</summary>
    public CommandResult Expect(int exitCode)
    {
        Assert.True(ExitCode == exitCode, $"Exit code {ExitCode} instead of {exitCode}.\n{Output}\n{Error}");
        return this;
    }
}
