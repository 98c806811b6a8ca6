using System.CommandLine;
using AgentSquad.Cli;

namespace AgentSquad.Bench.World;

/// <summary>What the commands that start the whole system have in common.</summary>
internal static class Proofs
{
    private const int Interrupted = 130;

    /// <summary>How long a run that is interrupted may take to stop what it started.</summary>
    public static readonly TimeSpan CleanUpTime = TimeSpan.FromSeconds(30);

    /// <summary><c>--json</c></summary>
    public static Option<bool> Json() => new("--json") { Description = "Print one JSON object as the last line." };

    /// <summary><c>--seed</c></summary>
    public static Option<int> Seed() => new("--seed") { Description = "Seed of everything that is drawn at random.", DefaultValueFactory = _ => 1 };

    /// <summary>An option that takes a whole number.</summary>
    public static Option<int> Number(string name, string description, int standard, int least = 1)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => standard };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < least) result.AddError($"{name} takes a number from {least}.");
        });
        return option;
    }

    /// <summary>Runs a proof: 0 when everything held, 1 when not or when it could not run, 130 when it was interrupted. What it started is gone in any case.</summary>
    public static async Task<int> RunAsync(Func<Task<bool>> proof, CancellationToken cancellation)
    {
        try
        {
            return await proof() ? 0 : 1;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            Report.Say("interrupted; everything that was started is stopped");
            return Interrupted;
        }
        catch (Exception e) when (e is InvalidOperationException or CliException or TimeoutException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }
}
