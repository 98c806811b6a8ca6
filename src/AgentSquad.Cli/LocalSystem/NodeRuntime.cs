using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using AgentSquad.Cli.Output;

namespace AgentSquad.Cli.LocalSystem;

/// <summary>Node.js, which Azurite runs on, and the Azurite that <c>package.json</c> pins.</summary>
internal static class NodeRuntime
{
    private const int OldestMajor = 18;
    private const int ShownLines = 5;
    private static readonly TimeSpan InstallTimeout = TimeSpan.FromMinutes(3);

    /// <summary>Makes sure that Node.js and Azurite are there; installs Azurite when it is not.</summary>
    /// <returns>Path of Azurite's script.</returns>
    /// <exception cref="CliException">Node.js is missing or too old, or the installation failed.</exception>
    public static async Task<string> RequireAzuriteAsync(IProgressView view, CancellationToken cancellation)
    {
        await RequireNodeAsync(cancellation);
        var script = Path.Combine(BuildInfo.RepositoryRoot, "node_modules", "azurite", "dist", "src", "azurite.js");
        if (File.Exists(script)) return script;

        view.Now("Installing Azurite with 'npm ci' (the first time only)");
        var npm = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";
        var (exitCode, output) = await RunAsync(npm, ["ci", "--no-audit", "--no-fund"], BuildInfo.RepositoryRoot, InstallTimeout, cancellation);
        if (exitCode != 0 || !File.Exists(script))
        {
            var said = string.Join(Environment.NewLine + "  ", output.Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(ShownLines));
            throw new CliException($"Azurite could not be installed: run 'npm ci' in {BuildInfo.RepositoryRoot} and mend what it reports.{Environment.NewLine}  {said}");
        }

        view.Done("Azurite installed");
        return script;
    }

    /// <summary>Reads the major version from <c>node --version</c>'s output, such as 20 from <c>v20.1.0</c>; 0 when it is none.</summary>
    internal static int MajorVersion(string output)
    {
        var text = output.Trim().TrimStart('v');
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && int.TryParse(text[..dot], NumberStyles.None, CultureInfo.InvariantCulture, out var major) ? major : 0;
    }

    private static async Task RequireNodeAsync(CancellationToken cancellation)
    {
        const string Fix = "install Node.js 18 or later from https://nodejs.org (Azurite, the local stand-in for Azure Storage, runs on it)";
        try
        {
            var (exitCode, output) = await RunAsync("node", ["--version"], BuildInfo.RepositoryRoot, TimeSpan.FromSeconds(30), cancellation);
            if (exitCode != 0 || MajorVersion(output) < OldestMajor) throw new CliException($"Node.js {output.Trim()} is too old: {Fix}.");
        }
        catch (Win32Exception exception)
        {
            throw new CliException($"Node.js was not found: {Fix}.", exception);
        }
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(
        string file, string[] arguments, string folder, TimeSpan timeout, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder,
        };
        using var process = Process.Start(start) ?? throw new CliException($"'{file}' did not start.");
        process.StandardInput.Close();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output + await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellation.ThrowIfCancellationRequested();
            throw new CliException($"'{file} {string.Join(' ', arguments)}' took more than {timeout.TotalSeconds:0} s; run it by hand to see why.");
        }
    }
}
