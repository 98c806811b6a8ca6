using System.CommandLine;
using AgentSquad.Bench.World;

namespace AgentSquad.Bench.Chaos;

/// <summary><c>chaos</c></summary>
internal static class ChaosCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var tickets = Proofs.Number("--tickets", "Tickets to write.", 200);
        var kills = Proofs.Number("--kills", "How often the function app is killed.", 100, least: 0);
        var seed = Proofs.Seed();
        var json = Proofs.Json();
        var command = new Command("chaos", "Kills the function app and lets Jira and storage fail while tickets run; each must end as without faults.") { tickets, kills, seed, json };
        command.SetAction((parsed, cancellation) => Proofs.RunAsync(
            () => ChaosBench.RunAsync(parsed.GetValue(tickets), parsed.GetValue(kills), parsed.GetValue(seed), parsed.GetValue(json), cancellation), cancellation));
        return command;
    }
}
