using System.Globalization;
using System.Text.Json;
using AgentSquad.EmbeddedHost.TaskHub.Storage;
using AgentSquad.TestSupport;

namespace AgentSquad.Bench.Engine;

/// <summary>Measures the engine and, in the same run, the store below it.</summary>
internal static class EngineBench
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static async Task<int> RunAsync(EngineBenchSettings settings, bool json, CancellationToken cancellation)
    {
        await using var azurite = await AzuriteProcess.StartAsync();
        var account = StorageAccount.FromConnectionString(azurite.ConnectionString);
        Say("raw table inserts and appends");
        var raw = new RawStore(account, TimeSpan.FromSeconds(settings.RawSeconds));
        var inserts = await raw.TableInsertsPerSecondAsync(cancellation);
        var appends = await raw.AppendsPerSecondAsync(cancellation);
        var smallAppend = await raw.SmallAppendMedianMsAsync(cancellation);
        LoadFigures load;
        await using (var part = await LoadPart.StartAsync(account, settings, cancellation)) load = await part.RunAsync(cancellation);
        var (bytes, restart) = await WaitingPart.RunAsync(account, settings, cancellation);
        var result = new EngineBenchResult
        {
            TableInsertsPerSecond = Round(inserts),
            AppendsPerSecond = Round(appends),
            SmallAppendMedianMs = Round(smallAppend),
            OrchestrationsPerSecond = Round(load.PerSecond),
            SustainedOrchestrationsPerSecond = Round(load.SustainedPerSecond),
            ReadModelLagSeconds = Round(load.LagSeconds),
            ProcessorMsPerOrchestration = Round(load.ProcessorMs),
            IdleMedianMs = Round(load.Idle.Median),
            IdleP95Ms = Round(load.Idle.P95),
            IdleMinMs = Round(load.Idle.Min),
            IdleAppendsPerOrchestration = Round(load.Idle.Appends),
            StorageRequestsPerOrchestration = Round(load.Requests),
            ProcessorMicrosecondsPerShortStep = Round(load.ShortStep),
            ProcessorMicrosecondsPerLongStep = Round(load.LongStep),
            BytesPerWaitingInstance = Round(bytes),
            RestartSeconds = Round(restart),
            LoadAverage = LoadAverage(),
            Settings = settings,
        };
        foreach (var property in JsonSerializer.SerializeToElement(result, Json).EnumerateObject())
        {
            await Console.Error.WriteLineAsync($"{property.Name,-34} {property.Value}");
        }

        if (json) await Console.Out.WriteLineAsync(JsonSerializer.Serialize(result, Json));
        return 0;
    }

    /// <summary>Tells on stderr what is going on.</summary>
    public static void Say(string what) => Console.Error.WriteLine($"... {what}");

    private static double LoadAverage()
    {
        const string File = "/proc/loadavg";
        return System.IO.File.Exists(File) ? double.Parse(System.IO.File.ReadAllText(File).Split(' ')[0], CultureInfo.InvariantCulture) : -1;
    }

    private static double Round(double figure) => Math.Round(figure, 3);
}
