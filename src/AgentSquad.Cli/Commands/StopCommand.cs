using System.CommandLine;
using System.Diagnostics;
using AgentSquad.Cli.LocalSystem;
using AgentSquad.Cli.Output;
using AgentSquad.Cli.Processes;

namespace AgentSquad.Cli.Commands;

/// <summary><c>squad stop</c>: ends the running system.</summary>
internal static class StopCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var command = new Command("stop", "Stops the system that 'demo --keep' or 'up' has started.");
        command.SetAction(async (parsed, cancellation) =>
        {
            var state = Shared.StateFolder(parsed);
            if (SystemFile.Find(state) is not { } system)
            {
                Terminal.WriteLine("Nothing is running.");
                return ExitCode.Success;
            }

            await StopAsync(system.SupervisorPid, cancellation);
            SystemFile.Remove(state);
            Terminal.WriteLine("Stopped.");
            return ExitCode.Success;
        });
        return command;
    }

    private static async Task StopAsync(int supervisor, CancellationToken cancellation)
    {
        try
        {
            using var process = Process.GetProcessById(supervisor);
            NativeProcess.Terminate(supervisor);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(Patience);
            await process.WaitForExitAsync(limit.Token);
        }
        catch (ArgumentException)
        {
            // Gone between the look and the act.
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            NativeProcess.KillGroup(supervisor);
        }
    }
}
