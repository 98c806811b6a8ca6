using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace AgentSquad.TestSupport.Models;

/// <summary>The reference server of the Model Context Protocol from the npm registry, a real one in every respect.</summary>
public sealed class EverythingServer : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private EverythingServer(Process process, string url) => (_process, Url) = (process, url);

    /// <summary>The program.</summary>
    public static string Script { get; } = Path.Combine(RepositoryPaths.Root, "node_modules", "@modelcontextprotocol", "server-everything", "dist", "index.js");

    /// <summary>
    /// Arguments of node that let the server die, as by <c>kill -9</c>, the moment it has received a call of a tool: always in the middle, and
    /// without anyone having to guess when that is.
    /// </summary>
    public static IReadOnlyList<string> DiesAtACall { get; } =
    [
        "--import",
        "data:text/javascript," + Uri.EscapeDataString(
            "import http from 'node:http';" +
            "const listen = it => { const emit = it.emit; it.emit = function (name, data) {" +
            " if (name === 'data' && String(data).includes('tools/call')) process.kill(process.pid, 'SIGKILL');" +
            " return emit.apply(this, arguments); }; };" +
            "listen(process.stdin); listen(http.IncomingMessage.prototype);"),
    ];

    /// <summary>Address of the server over HTTP.</summary>
    public string Url { get; }

    /// <summary>Starts it over HTTP on a free port.</summary>
    /// <param name="marker">A word on its command line, to find the process by.</param>
    /// <param name="node">Arguments of node itself.</param>
    public static async Task<EverythingServer> StartAsync(string? marker = null, IReadOnlyList<string>? node = null)
    {
        int port;
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            port = ((IPEndPoint)free.LocalEndpoint).Port;
        }

        var start = new ProcessStartInfo("node") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[.. node ?? [], Script, "streamableHttp", .. marker is null ? [] : (string[])[marker]]) start.ArgumentList.Add(argument);
        start.Environment["PORT"] = $"{port}";
        var process = Process.Start(start) ?? throw new InvalidOperationException("node did not start.");
        var listens = new TaskCompletionSource();
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data?.Contains("listening on port", StringComparison.Ordinal) == true) listens.TrySetResult();
        };
        process.OutputDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        await listens.Task.WaitAsync(StartTimeout);
        return new EverythingServer(process, $"http://127.0.0.1:{port}/mcp");
    }

    /// <summary>Waits until it has ended by itself.</summary>
    public Task EndedAsync() => _process.WaitForExitAsync();

    /// <summary>Ends it at once, if it still runs.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    /// <summary>Process ids whose command line holds a text.</summary>
    public static IReadOnlyList<int> Processes(string marker) => !Directory.Exists("/proc") ? [] :
    [
        .. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => name!.All(char.IsAsciiDigit))
            .Where(name => CommandLine(name!).Contains(marker, StringComparison.Ordinal)).Select(name => int.Parse(name!, System.Globalization.CultureInfo.InvariantCulture)),
    ];

    private static string CommandLine(string process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
