using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace AgentSquad.EmbeddedHost.TaskHub;

/// <summary>
/// Machine, process and start time of a hub's owner, kept as metadata of the segment it leases. A successor on the same machine that can prove
/// the owner dead need not wait for the lease to run out.
/// </summary>
/// <param name="Machine">Name of the machine, on Linux with its boot and process namespace: equal only where process ids mean the same.</param>
/// <param name="ProcessId">Process id on that machine.</param>
/// <param name="ProcessStart">Start of the process in a form that is equal for equal processes only.</param>
/// <param name="Instance">Unique id of this opening of the hub within the process.</param>
internal sealed record OwnerIdentity(string Machine, int ProcessId, string ProcessStart, string Instance)
{
    private static readonly ConcurrentDictionary<string, bool> LiveHere = new(StringComparer.Ordinal);

    /// <summary>The identity of a new owner in this process.</summary>
    public static OwnerIdentity Current() =>
        new(ThisMachine(), Environment.ProcessId, StartOf(Environment.ProcessId) ?? "unknown", Guid.NewGuid().ToString("N"));

    /// <summary>The identity that a segment's metadata names; null when there is none.</summary>
    public static OwnerIdentity? FromMetadata(IReadOnlyDictionary<string, string> metadata) =>
        metadata.TryGetValue("machine", out var machine)
        && metadata.TryGetValue("pid", out var pid) && int.TryParse(pid, CultureInfo.InvariantCulture, out var id)
        && metadata.TryGetValue("started", out var started)
        && metadata.TryGetValue("instance", out var instance)
            ? new OwnerIdentity(machine, id, started, instance)
            : null;

    /// <summary>The metadata that names this owner.</summary>
    public IReadOnlyDictionary<string, string> ToMetadata() => new Dictionary<string, string>
    {
        ["machine"] = Machine,
        ["pid"] = ProcessId.ToString(CultureInfo.InvariantCulture),
        ["started"] = ProcessStart,
        ["instance"] = Instance,
    };

    /// <summary>Marks this owner as alive within its process, until <see cref="Gone"/>.</summary>
    public void Alive() => LiveHere[Instance] = true;

    /// <summary>Ends what <see cref="Alive"/> began.</summary>
    public void Gone() => LiveHere.TryRemove(Instance, out _);

    /// <summary>True only if this process can be certain that the owner no longer runs; false when it runs or nobody can tell.</summary>
    public bool IsProvablyDead()
    {
        if (Machine != ThisMachine()) return false;
        var started = StartOf(ProcessId);
        if (started is null) return true;
        if (started == "unknown" || ProcessStart == "unknown") return false;
        if (started != ProcessStart) return true;
        return ProcessId == Environment.ProcessId && !LiveHere.ContainsKey(Instance);
    }

    /// <inheritdoc />
    public override string ToString() => $"process {ProcessId} on {Machine.Split('/')[0]}";

    private static string ThisMachine()
    {
        // Metadata travels as an HTTP header: plain ASCII only.
        var name = new string([.. Environment.MachineName.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' ? c : '_')]);
        if (!OperatingSystem.IsLinux()) return name;
        try
        {
            // Two containers may share a name; they do not share a process namespace within one boot.
            var boot = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
            var space = File.ResolveLinkTarget("/proc/self/ns/pid", returnFinalTarget: false)?.Name ?? "";
            return $"{name}/{boot}/{space}";
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            // Without them nothing can be proven about another process: a name of one's own makes every other a stranger.
            return $"{name}/{Guid.NewGuid():N}";
        }
    }

    /// <summary>Null: no such process. "unknown": it cannot be told.</summary>
    private static string? StartOf(int processId)
    {
        if (OperatingSystem.IsLinux())
        {
            try
            {
                // pid (name) state ppid ...: the name may hold anything, so count from its closing bracket. State is field 3, start is 22.
                var stat = File.ReadAllText($"/proc/{processId}/stat");
                var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                return fields[0] is "Z" or "X" ? null : fields[19];
            }
            catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
            {
                // Where even the first process is hidden, absence proves nothing.
                return File.Exists("/proc/1/stat") ? null : "unknown";
            }
            catch (IOException)
            {
                // The process ended between open and read (ESRCH).
                return Directory.Exists($"/proc/{processId}") ? "unknown" : null;
            }
        }

        try
        {
            using var process = Process.GetProcessById(processId);
            return process.StartTime.ToUniversalTime().Ticks.ToString(CultureInfo.InvariantCulture);
        }
        catch (ArgumentException)
        {
            return null;
        }
        catch (Exception hidden) when (hidden is Win32Exception or InvalidOperationException or NotSupportedException)
        {
            return "unknown";
        }
    }
}
