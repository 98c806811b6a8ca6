using System.Diagnostics;
using System.Text;

namespace AgentSquad.EndToEnd.Tests.Support;

/// <summary>A process of a test: ready when it has said so, ended with SIGKILL.</summary>
internal sealed class ManagedProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _said = new();
    private readonly Lock _lock = new();

    private ManagedProcess(Process process) => _process = process;

    /// <summary>The address in the ready line.</summary>
    public string Url { get; private set; } = "";

    /// <summary>Everything that it said.</summary>
    public string Said
    {
        get
        {
            lock (_lock) return _said.ToString();
        }
    }

    /// <summary>Starts a .NET program and waits until it says where it listens.</summary>
    public static async Task<ManagedProcess> StartAsync(
        string dotnet, string assembly, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, string folder)
    {
        var start = new ProcessStartInfo(dotnet, [assembly, .. arguments])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder,
        };
        start.Environment.Clear();
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var managed = new ManagedProcess(Process.Start(start)!);
        var url = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = managed.PumpAsync(managed._process.StandardOutput, url);
        _ = managed.PumpAsync(managed._process.StandardError, url);
        var ended = managed._process.WaitForExitAsync();
        await Task.WhenAny(url.Task, ended).WaitAsync(SquadCli.Timeout);
        Assert.True(url.Task.IsCompleted, $"{Path.GetFileName(assembly)} ended before it was ready.\n{managed.Said}");
        managed.Url = await url.Task;
        return managed;
    }

    /// <summary>Ends it at once, as a power cut would.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private async Task PumpAsync(StreamReader reader, TaskCompletionSource<string> url)
    {
        const string Ready = " listening on ";
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (_lock) _said.AppendLine(line);
            var at = line.IndexOf(Ready + "http://", StringComparison.Ordinal);
            if (at >= 0 && !line.Contains("info:", StringComparison.Ordinal)) url.TrySetResult(line[(at + Ready.Length)..].Trim());
        }
    }
}
