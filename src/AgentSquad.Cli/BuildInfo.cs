using System.Reflection;
using System.Runtime.InteropServices;

namespace AgentSquad.Cli;

/// <summary>Where this build has put what the command starts.</summary>
internal static class BuildInfo
{
    /// <summary>Path of the function app's assembly.</summary>
    public static string FunctionApp => Existing("FunctionApp");

    /// <summary>Path of the Jira sandbox's assembly.</summary>
    public static string JiraSandbox => Existing("JiraSandbox");

    /// <summary>Top of the repository that this build comes from.</summary>
    public static string RepositoryRoot => Path.TrimEndingDirectorySeparator(Existing("RepositoryRoot"));

    /// <summary>The assembly of this command, beside everything that it needs.</summary>
    public static string Self => Existing("Cli");

    /// <summary>The <c>dotnet</c> that runs this process, so that children run on the same one even when it is not on the path.</summary>
    public static string Dotnet { get; } = FindDotnet();

    private static string Existing(string name)
    {
        var path = typeof(BuildInfo).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == name).Value ?? "";
        return File.Exists(path) || Directory.Exists(path)
            ? path
            : throw new CliException($"{name} is not at '{path}', where the build put it: build again with 'dotnet build'.");
    }

    private static string FindDotnet()
    {
        // <root>/shared/Microsoft.NETCore.App/<version>/
        var runtime = Path.TrimEndingDirectorySeparator(RuntimeEnvironment.GetRuntimeDirectory());
        var root = Path.GetFullPath(Path.Combine(runtime, "..", "..", ".."));
        var host = Path.Combine(root, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
        return File.Exists(host) ? host : "dotnet";
    }
}
