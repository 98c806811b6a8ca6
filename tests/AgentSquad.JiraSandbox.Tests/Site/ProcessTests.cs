using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace AgentSquad.JiraSandbox.Tests.Site;

/// <summary>The sandbox as a process: what it writes and how it ends.</summary>
public sealed class ProcessTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Start_FreePort_WritesItsAddressAndAnswers()
    {
        using var process = Start("--port", "0");
        try
        {
            using var timeout = new CancellationTokenSource(Timeout);
            var line = await process.StandardOutput.ReadLineAsync(timeout.Token);

            Assert.StartsWith("Jira sandbox listening on http://127.0.0.1:", line, StringComparison.Ordinal);
            using var client = new HttpClient();
            var page = await client.GetStringAsync(new Uri(line!["Jira sandbox listening on ".Length..] + "/"), timeout.Token);
            Assert.Contains("Jira sandbox", page, StringComparison.Ordinal);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }
    }

    [Fact]
    public async Task Start_PortInUse_SaysWhichInOneLineAndEndsWith1()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        using var process = Start("--port", $"{port}");
        using var timeout = new CancellationTokenSource(Timeout);

        var error = await process.StandardError.ReadToEndAsync(timeout.Token);
        await process.WaitForExitAsync(timeout.Token);

        Assert.Equal(1, process.ExitCode);
        Assert.Contains($"{port}", error, StringComparison.Ordinal);
        Assert.Contains("--port", error, StringComparison.Ordinal);
        Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Start_WrongSetting_NamesIt()
    {
        using var process = Start("--port", "0", "--Sandbox:Webhook:RetryDelays", "soon");
        using var timeout = new CancellationTokenSource(Timeout);

        var error = await process.StandardError.ReadToEndAsync(timeout.Token);
        await process.WaitForExitAsync(timeout.Token);

        Assert.Equal(1, process.ExitCode);
        Assert.Contains("Sandbox__Webhook__RetryDelays", error, StringComparison.Ordinal);
    }

    private static Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(typeof(SandboxApplication).Assembly.Location);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }
}
