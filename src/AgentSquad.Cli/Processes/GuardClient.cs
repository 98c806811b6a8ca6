using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using System.Threading.Channels;

namespace AgentSquad.Cli.Processes;

/// <summary>The command's end of its <see cref="Guard"/>: starts children, hears how they fare, and takes them all down when disposed.</summary>
internal sealed class GuardClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    private readonly Process _guard;
    private readonly Task _listener;
    private readonly ConcurrentDictionary<string, Channel<GuardEvent>> _events = new();
    private readonly Channel<GuardEvent> _exits = Channel.CreateUnbounded<GuardEvent>();
    private readonly TaskCompletionSource _detached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _sending = new(1, 1);
    private bool _leaveRunning;

    private GuardClient(Process guard)
    {
        _guard = guard;
        guard.ErrorDataReceived += (_, _) => { };
        guard.BeginErrorReadLine();
        _listener = ListenAsync();
    }

    /// <summary>Process id of the guard; SIGTERM makes it stop everything.</summary>
    public int ProcessId => _guard.Id;

    /// <summary>The ends of children that were ready before, in their order, and the guard's own, after which nothing comes.</summary>
    public ChannelReader<GuardEvent> Exits => _exits.Reader;

    /// <summary>Starts a guard.</summary>
    public static GuardClient Start()
    {
        var start = new ProcessStartInfo(BuildInfo.Dotnet, [BuildInfo.Self, "guard"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };

        // The guard ends by SIGKILL, with its group; it would leave the runtime's diagnostic sockets in the temporary folder.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        return new GuardClient(Process.Start(start) ?? throw new CliException($"'{BuildInfo.Dotnet}' did not start."));
    }

    /// <summary>Starts a child and waits until it has printed all its ready lines.</summary>
    /// <param name="spec">What to start.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The ready lines, in the order in which they came.</returns>
    /// <exception cref="CliException">It did not start, ended before it was ready, or took too long.</exception>
    public async Task<IReadOnlyList<string>> StartAsync(ChildSpec spec, TimeSpan timeout, CancellationToken cancellation)
    {
        var events = _events.GetOrAdd(spec.Name, _ => Channel.CreateUnbounded<GuardEvent>());
        await SendAsync(new GuardRequest("start", spec));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout);
        var lines = new List<string>();
        try
        {
            while (lines.Count < spec.Ready.Count)
            {
                var report = await events.Reader.ReadAsync(limit.Token);
                if (report.Event == "ready") lines.Add(report.Line!);
                else if (report.Event == "failed") throw new CliException($"{spec.Name} did not start: {report.Line}");
                else if (report.Event == "exited") throw EndedTooSoon(spec, report.ExitCode);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new CliException($"{spec.Name} was not ready after {timeout.TotalSeconds:0} s; its log is {spec.Log}");
        }
        catch (ChannelClosedException)
        {
            throw new CliException($"The process that guards {spec.Name} has ended; its log is {spec.Log}");
        }

        _ = WatchAsync(events.Reader);
        return lines;
    }

    /// <summary>Leaves everything running when this object is disposed and the command ends.</summary>
    /// <param name="cleanup">Files and folders that the guard deletes once it is told to stop.</param>
    public async Task DetachAsync(IReadOnlyList<string> cleanup)
    {
        await SendAsync(new GuardRequest("detach", Cleanup: cleanup));
        await _detached.Task;
        _leaveRunning = true;
    }

    /// <summary>Stops everything in reverse order and waits until it is gone; only lets go when detached.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            _guard.StandardInput.Close();
        }
        catch (IOException)
        {
            // The guard has gone already; what it left is ended below.
        }

        if (!_leaveRunning)
        {
            var ended = _guard.WaitForExitAsync();
            if (await Task.WhenAny(ended, Task.Delay(Patience)) != ended || _guard.ExitCode != 0) NativeProcess.KillGroup(_guard.Id);
            await ended;
            await _listener;
        }

        _guard.Dispose();
        _sending.Dispose();
    }

    private static CliException EndedTooSoon(ChildSpec spec, int? exitCode)
    {
        var said = File.Exists(spec.Log) ? File.ReadLines(spec.Log).Where(l => !string.IsNullOrWhiteSpace(l)).TakeLast(5) : [];
        var cause = string.Join(Environment.NewLine + "  ", said);
        return new CliException(
            $"{spec.Name} ended with exit code {exitCode} before it was ready: {(cause.Length == 0 ? $"its log is {spec.Log}" : cause)}");
    }

    private async Task SendAsync(GuardRequest request)
    {
        await _sending.WaitAsync();
        try
        {
            await _guard.StandardInput.WriteLineAsync(JsonSerializer.Serialize(request, GuardJson.Default.GuardRequest));
            await _guard.StandardInput.FlushAsync();
        }
        catch (IOException exception)
        {
            throw new CliException("The process that guards what this command starts has ended unexpectedly; run the command again.", exception);
        }
        finally
        {
            _sending.Release();
        }
    }

    // Until it ends and no longer: what comes after it under the same name is of one that was started in its place.
    private async Task WatchAsync(ChannelReader<GuardEvent> events)
    {
        await foreach (var report in events.ReadAllAsync())
        {
            if (report.Event != "exited") continue;
            _exits.Writer.TryWrite(report);
            return;
        }
    }

    private async Task ListenAsync()
    {
        while (await _guard.StandardOutput.ReadLineAsync() is { } line)
        {
            var report = JsonSerializer.Deserialize(line, GuardJson.Default.GuardEvent)!;
            if (report.Event == "detached") _detached.TrySetResult();
            else if (report.Name is { } name) _events.GetOrAdd(name, _ => Channel.CreateUnbounded<GuardEvent>()).Writer.TryWrite(report);
        }

        foreach (var channel in _events.Values) channel.Writer.TryComplete();
        _exits.Writer.TryWrite(new GuardEvent("exited", "guard"));
        _exits.Writer.TryComplete();
        _detached.TrySetException(new CliException("The process that guards what this command started has ended unexpectedly."));
    }
}
