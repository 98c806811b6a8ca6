using System.CommandLine;
using AgentSquad.Bench.World;

namespace AgentSquad.Bench.Fuzz;

/// <summary><c>fuzz</c></summary>
internal static class FuzzCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var requests = Proofs.Number("--requests", "Requests to send; half of them signed.", 10_000, least: 10);
        var seed = Proofs.Seed();
        var json = Proofs.Json();
        var command = new Command("fuzz", "Sends hostile requests to every route: without any right, and signed mutants of real webhooks.") { requests, seed, json };
        command.SetAction((parsed, cancellation) => Proofs.RunAsync(
            () => FuzzBench.RunAsync(parsed.GetValue(requests), parsed.GetValue(seed), parsed.GetValue(json), cancellation), cancellation));
        return command;
    }
}
