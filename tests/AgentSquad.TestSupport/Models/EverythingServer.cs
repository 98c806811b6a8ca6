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

    /// <summary>Address of the server over HTTP.</summary>
    public string Url { get; }

    /// <summary>Starts it over HTTP on a free port.</summary>
    public static async Task<EverythingServer> StartAsync()
    {
        int port;
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            port = ((IPEndPoint)free.LocalEndpoint).Port;
        }

        var start = new ProcessStartInfo("node") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Script);
        start.ArgumentList.Add("streamableHttp");
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

    /// <summary>Ends it at once.</summary>
    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
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
