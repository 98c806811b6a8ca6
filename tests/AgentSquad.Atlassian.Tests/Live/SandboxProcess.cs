using System.Diagnostics;
using System.Reflection;

namespace AgentSquad.Atlassian.Tests.Live;

/// <summary>The Jira sandbox as a process of its own, on a free port; killed on dispose.</summary>
internal sealed class SandboxProcess : IAsyncDisposable
{
    /// <summary>An account of every sandbox, which administers it.</summary>
    public const string Email = "rita@example.invalid";

    /// <summary>That account's token.</summary>
    public const string Token = "rita-token";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private SandboxProcess(Process process, string url) => (_process, Url) = (process, url);

    /// <summary>Its address.</summary>
    public string Url { get; }

    public static async Task<SandboxProcess> StartAsync(string deployment)
    {
        var assembly = typeof(SandboxProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(one => one.Key == "JiraSandbox").Value!;
        var start = new ProcessStartInfo(Dotnet, [assembly, "--port", "0"]) { RedirectStandardOutput = true };
        start.Environment["Sandbox__Deployment"] = deployment;
        var process = Process.Start(start)!;
        try
        {
            const string ready = "listening on ";
            using var limit = new CancellationTokenSource(Patience);
            while (true)
            {
                var line = await process.StandardOutput.ReadLineAsync(limit.Token) ?? throw new InvalidOperationException("The sandbox ended before it was ready.");
                var at = line.IndexOf(ready, StringComparison.Ordinal);
                if (at >= 0) return new SandboxProcess(process, line[(at + ready.Length)..].Trim());
            }
        }
        catch
        {
            process.Kill();
            process.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static string Dotnet => Environment.ProcessPath is { } own && Path.GetFileNameWithoutExtension(own) == "dotnet" ? own : "dotnet";
}
