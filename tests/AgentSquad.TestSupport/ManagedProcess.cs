using System.Diagnostics;
using System.Text;

namespace AgentSquad.TestSupport;

/// <summary>A .NET program in a process of its own: ready when it says where it listens, all that it says is kept, ended as a power cut would.</summary>
public sealed class ManagedProcess : IAsyncDisposable
{
    private const string Ready = " listening on ";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly Task _pumps;
    private readonly TaskCompletionSource<string> _url = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private readonly StringBuilder _said = new();
    private readonly string? _log;

    private ManagedProcess(Process process, string? log)
    {
        (_process, _log) = (process, log);
        _pumps = PumpAsync();
    }

    /// <summary>Process id.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>The address in its ready line; empty before it was ready.</summary>
    public string Url => _url.Task.IsCompletedSuccessfully ? _url.Task.Result : "";

    /// <summary>Everything that it said; with a log, everything that is in the log.</summary>
    public string Said
    {
        get
        {
            lock (_lock)
            {
                if (_log is null) return _said.ToString();
                using var reader = new StreamReader(new FileStream(_log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
                return reader.ReadToEnd();
            }
        }
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

    /// <summary>Starts a program; it may not be ready yet.</summary>
    /// <param name="dotnet">The <c>dotnet</c> to start it with.</param>
    /// <param name="assembly">Its assembly.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Its whole environment; nothing is inherited.</param>
    /// <param name="folder">Its working directory.</param>
    /// <param name="log">File that what it says is appended to; null keeps it in memory.</param>
    public static ManagedProcess Start(
        string dotnet, string assembly, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, string folder, string? log = null)
    {
        ArgumentNullException.ThrowIfNull(environment);
        var start = new ProcessStartInfo(dotnet, [assembly, .. arguments])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder,
        };
        start.Environment.Clear();
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return new ManagedProcess(Process.Start(start) ?? throw new InvalidOperationException($"{assembly} did not start."), log);
    }

    /// <summary>Starts a program and waits until it says where it listens.</summary>
    /// <inheritdoc cref="Start"/>
    /// <exception cref="InvalidOperationException">It ended before.</exception>
    public static async Task<ManagedProcess> StartAsync(
        string dotnet, string assembly, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, string folder, string? log = null)
    {
        var process = Start(dotnet, assembly, arguments, environment, folder, log);
        try
        {
            await process.ReadyAsync();
            return process;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until it says where it listens; at most three minutes.</summary>
    /// <returns>The address.</returns>
    /// <exception cref="InvalidOperationException">It ended before.</exception>
    public async Task<string> ReadyAsync()
    {
        if (await Task.WhenAny(_url.Task, _pumps).WaitAsync(Patience) == _url.Task) return await _url.Task;
        throw new InvalidOperationException($"A process ended before it was ready.\n{Said}");
    }

    /// <summary>Ends it at once, as a power cut would.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        await _pumps;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private async Task PumpAsync()
    {
        await using var log = _log is null
            ? null
            : new StreamWriter(new FileStream(_log, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
        await Task.WhenAll(ReadAsync(_process.StandardOutput), ReadAsync(_process.StandardError));

        async Task ReadAsync(StreamReader reader)
        {
            while (await reader.ReadLineAsync() is { } line)
            {
                lock (_lock)
                {
                    if (log is null) _said.AppendLine(line);
                    else log.WriteLine(line);
                }

                // The same words in a line of the log are not yet the promise to answer.
                var at = line.IndexOf(Ready + "http://", StringComparison.Ordinal);
                if (at >= 0 && !line.Contains("info:", StringComparison.Ordinal)) _url.TrySetResult(line[(at + Ready.Length)..].Trim());
            }
        }
    }
}
