using System.Diagnostics;
using System.Reflection;

namespace AgentSquad.Infrastructure.Tests.Bicep;

/// <summary>The Bicep CLI that restore brought along.</summary>
internal static class BicepCli
{
    private static readonly string Executable = typeof(BicepCli).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "BicepCli").Value!;

    /// <summary>Why the CLI cannot run here, or null.</summary>
    public static string? WhyNot =>
        !OperatingSystem.IsLinux() ? "the Bicep CLI package in use is for Linux"
        : !File.Exists(Executable) ? "the Bicep CLI package was not restored"
        : null;

    /// <summary>Runs the CLI and returns its exit code and everything it said on standard error (where it reports warnings and errors).</summary>
    public static async Task<(int ExitCode, string Diagnostics)> RunAsync(params string[] arguments)
    {
        if (OperatingSystem.IsLinux())
        {
            // NuGet unpacks without the execute bit.
            File.SetUnixFileMode(Executable, File.GetUnixFileMode(Executable) | UnixFileMode.UserExecute);
        }

        var start = new ProcessStartInfo(Executable, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{Executable} did not start.");
        var output = process.StandardOutput.ReadToEndAsync();
        var diagnostics = await process.StandardError.ReadToEndAsync();
        await output;
        await process.WaitForExitAsync();
        return (process.ExitCode, diagnostics);
    }
}
