using System.Text.Json;

namespace AgentSquad.Bench.World;

/// <summary>What proofs say: progress on standard error, one JSON object on standard output.</summary>
internal static class Report
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>A line of progress.</summary>
    public static void Say(string what) => Console.Error.WriteLine($"... {what}");

    /// <summary>The result: a table for people, and for programs one line of JSON, the last one.</summary>
    public static void Print<T>(T result, bool json)
    {
        foreach (var property in JsonSerializer.SerializeToElement(result, Json).EnumerateObject()) Console.Error.WriteLine($"{property.Name,-30} {property.Value}");
        if (json) Console.WriteLine(JsonSerializer.Serialize(result, Json));
    }

    /// <summary>Keeps the logs of a run that went wrong.</summary>
    public static void Keep(LocalWorld world, int seed)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"squad-bench-failed-{seed}-{DateTime.UtcNow:yyyyMMddHHmmss}");
        Directory.CreateDirectory(folder);
        foreach (var log in Directory.GetFiles(world.Logs, "*.log")) File.Copy(log, Path.Combine(folder, Path.GetFileName(log)));
        Say($"logs are kept in {folder}");
    }
}
