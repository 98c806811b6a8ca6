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
        command.SetAction(async (_, _) =>
        {
            await Guard.RunAsync(Console.In, Console.Out);
            return ExitCode.Success;
        });
        return command;
    }
}
