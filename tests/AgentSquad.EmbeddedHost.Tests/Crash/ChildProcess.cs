using System.Diagnostics;
using System.Threading.Channels;

namespace AgentSquad.EmbeddedHost.Tests.Crash;

/// <summary>This assembly as a process of its own, whose lines can be read as they come.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    private ChildProcess(Process process)
    {
        _process = process;
        _ = PumpAsync();
    }

    public static ChildProcess Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        start.ArgumentList.Add(typeof(ChildProcess).Assembly.Location);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        return new ChildProcess(Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start."));
    }

    /// <summary>Reads until a line begins like that, and returns it; the lines before it go to <paramref name="before"/>.</summary>
    public async Task<string> UntilAsync(string prefix, Action<string>? before = null)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var line = await _lines.Reader.ReadAsync(timeout.Token);
            if (line.StartsWith(prefix, StringComparison.Ordinal)) return line;
            before?.Invoke(line);
        }
    }

    /// <summary>Every line that is left, once the process has ended.</summary>
    public async Task<List<string>> RestAsync()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await _process.WaitForExitAsync(timeout.Token);
        return await _lines.Reader.ReadAllAsync(timeout.Token).ToListAsync(timeout.Token);
    }

    /// <summary>SIGKILL.</summary>
    public void Kill() => _process.Kill();

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task PumpAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line) _lines.Writer.TryWrite(line);
        _lines.Writer.Complete();
    }
}
