using System.Globalization;
using System.Text;

namespace AgentSquad.EndToEnd.Tests.Support;

/// <summary>Finds processes by their environment, which children inherit however deep they are nested. Linux only.</summary>
internal static class ProcessScan
{
    /// <summary>Whether this machine can be scanned.</summary>
    public static bool IsSupported => File.Exists("/proc/self/environ");

    /// <summary>
    /// Whether Ctrl-C is ignored here, and so by whatever is started from here: a shell that puts a command in the background without job
    /// control sees to that, and a program that finds the signal ignored leaves it so.
    /// </summary>
    public static bool IgnoresInterrupts
    {
        get
        {
            const string Ignored = "SigIgn:";
            var line = Read("/proc/self", "status")?.Split('\n').FirstOrDefault(line => line.StartsWith(Ignored, StringComparison.Ordinal));
            return line is not null && (ulong.Parse(line.AsSpan(Ignored.Length), NumberStyles.AllowHexSpecifier | NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture) & 0b10) != 0;
        }
    }

    /// <summary>Ids of running processes whose environment has a variable with a value.</summary>
    public static IEnumerable<int> PidsWithEnvironment(string name, string value)
    {
        if (!IsSupported) yield break;
        var wanted = $"\0{name}={value}\0";
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var pid)
                && Read(folder, "environ") is { Length: > 0 } environment
                && ("\0" + environment + "\0").Contains(wanted, StringComparison.Ordinal)
                && IsRunning(folder))
            {
                yield return pid;
            }
        }
    }

    /// <summary>The same processes with their command lines, for messages.</summary>
    public static IReadOnlyList<string> WithEnvironment(string name, string value) =>
        [.. PidsWithEnvironment(name, value).Select(pid => $"{pid} {Read($"/proc/{pid}", "cmdline")?.Replace('\0', ' ')}")];

    /// <summary>Waits until no such process runs.</summary>
    public static Task NoneWithEnvironmentAsync(string name, string value) =>
        Eventually.HoldsAsync(() => !PidsWithEnvironment(name, value).Any(), () => string.Join('\n', WithEnvironment(name, value)));

    // A process that has ended but that its parent has not waited for yet is not running.
    private static bool IsRunning(string folder) =>
        Read(folder, "stat") is { } stat && stat[(stat.LastIndexOf(')') + 2)..] is { Length: > 0 } rest && rest[0] is not ('Z' or 'X');

    private static string? Read(string folder, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, file), Encoding.Latin1);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
