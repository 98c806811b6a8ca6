using System.CommandLine;
using System.Runtime.InteropServices;
using AgentSquad.Cli.Processes;

namespace AgentSquad.Cli.Commands;

/// <summary>The hidden command that the others start to look after their children.</summary>
internal static class GuardCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var command = new Command("guard", "Looks after the processes of another squad command; not for people.") { Hidden = true };
        command.SetAction(async (_, cancellation) =>
        {
            // Heard before the first order is read: the command line's own handler comes only when this action first waits, and a
            // detached guard that is ended before that would leave its children behind.
            using var terminated = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            using var sigterm = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
            {
                signal.Cancel = true;
                terminated.Cancel();
            });

            // Console.In reads synchronously even when asked not to, and would keep the guard from hearing SIGTERM.
            using var orders = new StreamReader(Console.OpenStandardInput());
            await Guard.RunAsync(orders, Console.Out, terminated.Token);
            return ExitCode.Success;
        });
        return command;
    }
}
