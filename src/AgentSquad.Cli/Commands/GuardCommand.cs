using System.CommandLine;
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
            // Console.In reads synchronously even when asked not to, and would keep the guard from hearing SIGTERM.
            using var orders = new StreamReader(Console.OpenStandardInput());
            await Guard.RunAsync(orders, Console.Out, cancellation);
            return ExitCode.Success;
        });
        return command;
    }
}
