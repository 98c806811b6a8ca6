using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace AgentSquad.Cli.Processes;

/// <summary>What .NET has no call for: process groups and signals.</summary>
internal static partial class NativeProcess
{
    private const int Sigkill = 9;
    private const int Sigterm = 15;

    /// <summary>
    /// Puts the calling process into a session and process group of its own, so that a Ctrl-C in the terminal does not reach its children
    /// and the whole group can be ended at once. Does nothing on Windows.
    /// </summary>
    public static void LeadOwnGroup()
    {
        if (!OperatingSystem.IsWindows()) _ = SetSid();
    }

    /// <summary>Asks a process to end; ends it outright where there are no signals.</summary>
    public static void Terminate(int pid)
    {
        if (OperatingSystem.IsWindows()) KillTree(pid);
        else _ = Kill(pid, Sigterm);
    }

    /// <summary>Ends a whole process group at once; the group's leader alone on Windows.</summary>
    public static void KillGroup(int leader)
    {
        if (OperatingSystem.IsWindows()) KillTree(leader);
        else _ = Kill(-leader, Sigkill);
    }

    /// <summary>Ends the calling process with everything left in its group, when it leads one.</summary>
    public static void KillOwnGroup()
    {
        if (!OperatingSystem.IsWindows() && GetPgrp() == Environment.ProcessId) _ = Kill(0, Sigkill);
    }

    /// <summary>Whether a process with this id runs.</summary>
    public static bool IsAlive(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static void KillTree(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            process.Kill(entireProcessTree: true);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or Win32Exception)
        {
            // Already gone, which is what was asked for.
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "setsid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetSid();

    [LibraryImport("libc", EntryPoint = "getpgrp")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetPgrp();
}
