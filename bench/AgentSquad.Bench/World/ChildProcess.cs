using System.Diagnostics;
using System.Text.RegularExpressions;

namespace AgentSquad.Bench.World;

/// <summary>A .NET process of the system under proof: ready when it says where it listens, its output kept in a file, ended with SIGKILL.</summary>
internal sealed partial class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly Task _pumps;
    private readonly TaskCompletionSource<string> _url = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ChildProcess(Process process, StreamWriter log)
    {
        _process = process;
        _pumps = PumpAsync(log);
    }

    /// <summary>Process id.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Starts a program; it may not be ready yet.</summary>
    public static ChildProcess Start(
        string dotnet, string assembly, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, string log)
    {
        var start = new ProcessStartInfo(dotnet, [assembly, .. arguments])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetDirectoryName(log)!,
        };
        start.Environment.Clear();
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{assembly} did not start.");
#pragma warning disable CA2000 // The pump disposes it when the process has said its last word.
        return new ChildProcess(process, new StreamWriter(new FileStream(log, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true });
#pragma warning restore CA2000
    }

    /// <summary>The address that it listens on.</summary>
    /// <exception cref="InvalidOperationException">It ended before.</exception>
    public async Task<string> ReadyAsync()
    {
        if (await Task.WhenAny(_url.Task, _pumps).WaitAsync(ReadyTimeout) != _url.Task) throw new InvalidOperationException("A process ended before it was ready.");
        return await _url.Task;
    }

    /// <summary>Ends it at once, as a power cut would.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        await _pumps;
    }

    /// <summary>Memory that the process holds, in bytes.</summary>
    public long WorkingSet
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Threads of the process.</summary>
    public int Threads
    {
        get
        {
            _process.Refresh();
            return _process.Threads.Count;
        }
    }

    /// <summary>Open file descriptors of the process; 0 where the system does not tell.</summary>
    public int Handles => Directory.Exists($"/proc/{Id}/fd") ? Directory.GetFileSystemEntries($"/proc/{Id}/fd").Length : 0;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private async Task PumpAsync(StreamWriter log)
    {
        await using (log)
        {
            var gate = new Lock();
            await Task.WhenAll(ReadAsync(_process.StandardOutput), ReadAsync(_process.StandardError));

            async Task ReadAsync(StreamReader reader)
            {
                while (await reader.ReadLineAsync() is { } line)
                {
                    lock (gate) log.WriteLine(line);
                    if (Listening().Match(line) is { Success: true } match) _url.TrySetResult(match.Groups["url"].Value);
                }
            }
        }
    }

    [GeneratedRegex(@"^(Functions host|Jira sandbox) listening on (?<url>http://[^\s/]+)")]
    private static partial Regex Listening();
}
