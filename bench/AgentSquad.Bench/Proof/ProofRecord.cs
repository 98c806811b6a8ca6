using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using AgentSquad.TestSupport;

namespace AgentSquad.Bench.Proof;

/// <summary>A run of a bench that is kept: what was run, when, on what, and what it came to.</summary>
/// <param name="Command">Arguments of the bench.</param>
/// <param name="Date">Day of the run, UTC.</param>
/// <param name="Machine">Class of the machine and how busy it was.</param>
/// <param name="Result">The JSON that the run printed.</param>
internal sealed record ProofRecord(string Command, string Date, string Machine, JsonElement Result)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, NewLine = "\n" };

    /// <summary>Where records are kept.</summary>
    public static string Folder { get; } = Path.Combine(RepositoryPaths.Root, "bench", "results");

    /// <summary>The bench that was run.</summary>
    public string Bench => Command.Split(' ')[0];

    /// <summary>All records, by name of their files.</summary>
    public static IReadOnlyList<ProofRecord> ReadAll() =>
        !Directory.Exists(Folder) ? []
        : [.. Directory.GetFiles(Folder, "*.json").Order(StringComparer.Ordinal).Select(file => JsonSerializer.Deserialize<ProofRecord>(File.ReadAllText(file), Json)!)];

    /// <summary>Runs a bench in a process of its own and keeps what it says.</summary>
    /// <returns>Its exit code.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath ?? "dotnet", [.. Host(), .. arguments, "--json"]) { RedirectStandardOutput = true };
        var load = Load();
        using var process = Process.Start(start) ?? throw new InvalidOperationException("The bench did not start.");
        string output;
        try
        {
            output = await process.StandardOutput.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            // A terminal's Ctrl-C has reached it as well; it cleans up behind itself.
            using var interrupt = Process.Start("kill", ["-INT", $"{process.Id}"]);
            await process.WaitForExitAsync(CancellationToken.None);
            throw;
        }

        if (output.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault() is ['{', ..] line) await KeepAsync(string.Join(' ', arguments), MachineClass(load), line);
        return process.ExitCode;
    }

    private static async Task KeepAsync(string command, string machine, string line)
    {
        var record = new ProofRecord(command, DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), machine, JsonSerializer.Deserialize<JsonElement>(line));
        Directory.CreateDirectory(Folder);
        var name = string.Join('-', command.Split([' ', '-'], StringSplitOptions.RemoveEmptyEntries));
        await File.WriteAllTextAsync(Path.Combine(Folder, $"{name}.json"), JsonSerializer.Serialize(record, Json) + "\n");
    }

    // Started by 'dotnet', or by the program's own executable.
    private static IEnumerable<string> Host() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(ProofRecord).Assembly.Location] : [];

    private static string MachineClass(string load) =>
        $"{Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1L << 30)} GB, {(OperatingSystem.IsLinux() ? "Linux" : OperatingSystem.IsWindows() ? "Windows" : "macOS")}, {load}";

    // Other work on the machine belongs to the truth about a figure.
    private static string Load() => File.Exists("/proc/loadavg") ? $"load {File.ReadAllText("/proc/loadavg").Split(' ')[0]} before" : "load unknown";
}
