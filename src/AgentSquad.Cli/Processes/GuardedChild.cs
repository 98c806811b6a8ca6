using System.Diagnostics;
using System.Text.RegularExpressions;

namespace AgentSquad.Cli.Processes;

/// <summary>A child of the guard: started with an environment built from nothing, its output kept in a file.</summary>
internal sealed class GuardedChild : IAsyncDisposable
{
    private static readonly TimeSpan MatchTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly StreamWriter _log;
    private readonly Lock _logLock = new();
    private readonly List<Regex> _awaited;
    private readonly Action<GuardEvent> _report;
    private readonly string _name;
    private readonly Task _pumps;

    private GuardedChild(ChildSpec spec, Process process, StreamWriter log, Action<GuardEvent> report)
    {
        _name = spec.Name;
        _process = process;
        _log = log;
        _report = report;
        _awaited = [.. spec.Ready.Select(p => new Regex(p, RegexOptions.CultureInvariant, MatchTimeout))];
        report(new GuardEvent("started", _name, process.Id));
        _pumps = Task.WhenAll(PumpAsync(process.StandardOutput, ready: true), PumpAsync(process.StandardError, ready: false));
        Exited = WatchAsync();
    }

    /// <summary>Completes when the process has ended and its output is in the log.</summary>
    public Task Exited { get; }

    /// <summary>Starts a child.</summary>
    /// <param name="spec">What to start.</param>
    /// <param name="report">Called, from any thread, with what happens to it.</param>
    public static GuardedChild Start(ChildSpec spec, Action<GuardEvent> report)
    {
        var start = new ProcessStartInfo(spec.File, spec.Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = Path.GetDirectoryName(spec.Log)!,
        };
        start.Environment.Clear();
        foreach (var (name, value) in spec.Environment) start.Environment[name] = value;
        var log = new StreamWriter(new FileStream(spec.Log, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
        try
        {
            var process = Process.Start(start) ?? throw new InvalidOperationException("The process did not start.");
            process.StandardInput.Close();
            return new GuardedChild(spec, process, log, report);
        }
        catch
        {
            log.Dispose();
            throw;
        }
    }

    /// <summary>Asks the child to end and waits; ends it with its descendants when it does not.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) NativeProcess.Terminate(_process.Id);
        if (await Task.WhenAny(Exited, Task.Delay(Patience)) != Exited)
        {
            _process.Kill(entireProcessTree: true);
            await Exited;
        }

        _process.Dispose();
        await _log.DisposeAsync();
    }

    private async Task PumpAsync(StreamReader reader, bool ready)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (_logLock) _log.WriteLine(line);
            if (ready && _awaited.Find(r => r.IsMatch(line)) is { } awaited)
            {
                _awaited.Remove(awaited);
                _report(new GuardEvent("ready", _name, Line: line));
            }
        }
    }

    private async Task WatchAsync()
    {
        await _process.WaitForExitAsync();

        // A grandchild may hold the pipes open for ever; what was written until now is what counts.
        await Task.WhenAny(_pumps, Task.Delay(MatchTimeout));
        _report(new GuardEvent("exited", _name, ExitCode: _process.ExitCode));
    }
}
