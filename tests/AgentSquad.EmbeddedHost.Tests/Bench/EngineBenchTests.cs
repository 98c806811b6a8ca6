using System.Diagnostics;
using System.Text.Json;

namespace AgentSquad.EmbeddedHost.Tests.Bench;

/// <summary>The engine's bench in its short form: it runs and says everything; what it measures is not judged here.</summary>
public sealed class EngineBenchTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly string[] Figures =
    [
        "tableInsertsPerSecond", "appendsPerSecond", "orchestrationsPerSecond", "sustainedOrchestrationsPerSecond", "readModelLagSeconds",
        "idleMedianMs", "idleP95Ms", "storageRequestsPerOrchestration", "bytesPerWaitingInstance", "restartSeconds",
    ];

    [Fact]
    public async Task EngineBench_ShortForm_PrintsEveryFigureWithItsSettings()
    {
        var result = await RunAsync();

        foreach (var name in Figures) Assert.True(result.GetProperty(name).GetDouble() is >= 0 and < 1e9, $"{name} is {result.GetProperty(name)}");
        Assert.True(result.GetProperty("orchestrationsPerSecond").GetDouble() >= result.GetProperty("sustainedOrchestrationsPerSecond").GetDouble());
        Assert.True(result.GetProperty("idleMedianMs").GetDouble() <= result.GetProperty("idleP95Ms").GetDouble());

        // Counts hold on any machine: one append for the start with the first step, one for each other step, and few by themselves when it is slow.
        var activities = result.GetProperty("settings").GetProperty("activities").GetInt32();
        Assert.InRange(result.GetProperty("idleAppendsPerOrchestration").GetDouble(), activities + 1, 3 * (activities + 1));
        Assert.InRange(result.GetProperty("storageRequestsPerOrchestration").GetDouble(), 0.1, 3 * (activities + 1));
        Assert.True(result.GetProperty("settings").GetProperty("readModels").GetBoolean());
    }

    private static async Task<JsonElement> RunAsync()
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "AgentSquad.Bench.dll"), "engine", "--short", "--json"])
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        try
        {
            using var limit = new CancellationTokenSource(Patience);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            Assert.True(process.ExitCode == 0, await errors);
            return JsonSerializer.Deserialize<JsonElement>(output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }
}
