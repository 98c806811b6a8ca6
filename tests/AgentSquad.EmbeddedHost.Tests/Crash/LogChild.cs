using System.Diagnostics;
using System.Globalization;
using System.Text;
using AgentSquad.EmbeddedHost.TaskHub;
using AgentSquad.EmbeddedHost.TaskHub.Storage;
using AgentSquad.EmbeddedHost.Tests.TaskHub;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentSquad.EmbeddedHost.Tests.Crash;

/// <summary>How a child works and when it kills itself.</summary>
/// <param name="Storage">Connection string.</param>
/// <param name="Hub">Name of the hub.</param>
/// <param name="Name">Begins every record that it writes.</param>
/// <param name="Machine">Where it claims to run; empty for where it does.</param>
/// <param name="Point">Where it dies: operation, part of the blob's name, which of those requests, moment. Empty for never.</param>
internal sealed record LogChildSettings(string Storage, string Hub, string Name, string Machine, string Point)
{
    public static LogChildSettings Parse(string[] args) => new(args[0], args[1], args[2], args[3], args[4]);

    public string[] ToArguments() => ["log", Storage, Hub, Name, Machine, Point];
}

/// <summary>
/// A process that owns a log and works until it is killed. It prints <c>open N</c> when it has taken over at sequence N, <c>standby</c> when
/// it waits, and <c>ack SEQUENCE TEXT</c> for every acknowledged record.
/// </summary>
internal static class LogChild
{
    private static readonly Lock Output = new();

    public static async Task<int> RunAsync(LogChildSettings settings)
    {
        var options = LogHub.Options;
        if (settings.Machine.Length > 0) options = options with { Owner = options.Owner with { Machine = settings.Machine } };
        var account = StorageAccount.FromConnectionString(settings.Storage);
        var container = $"{settings.Hub.ToLowerInvariant()}-log";
        using var segments = new AzureSegmentStorage(account, container, options.RequestTimeout);
        var faults = new StorageFaults(Decide(settings.Point), Die);
        var log = new CommitLog(
            new FaultySegments(segments, faults), new FaultyBlobs(new AzureBlobStorage(account, container), faults), options,
            NullLogger<CommitLog>.Instance)
        {
            StandingBy = _ => Say("standby"),
        };
        await using var closing = log;
        List<string> state = [];
        var recovery = await log.OpenAsync(CancellationToken.None);
        if (recovery.Checkpoint is { } content) state.AddRange(Encoding.UTF8.GetString(content.Span).Split(' '));
        await foreach (var record in recovery.Records) state.Add(Encoding.UTF8.GetString(record.Payload.Span));
        Say($"open {state.Count}");

        for (var number = 1; ; number += 2)
        {
            var texts = (string[])[$"{settings.Name}{number}", $"{settings.Name}{number + 1}"];
            var pending = texts.Select(text => log.Append(Encoding.UTF8.GetBytes(text))).ToArray();
            for (var i = 0; i < texts.Length; i++)
            {
                var sequence = await pending[i];
                state.Add(texts[i]);
                Say(string.Create(CultureInfo.InvariantCulture, $"ack {sequence} {texts[i]}"));
            }

            if (number % 10 == 1) await LogHub.CheckpointAsync(log, state.Count, string.Join(' ', state));
        }
    }

    /// <summary>What befalls the requests of a process that is to die at a point.</summary>
    public static Func<StorageCall, Fault> Decide(string point)
    {
        if (point.Length == 0) return _ => Fault.None;
        var parts = point.Split(':');
        var (operation, blob, fault) = (parts[0], parts[1], Enum.Parse<Fault>(parts[3]));
        var left = int.Parse(parts[2], CultureInfo.InvariantCulture);
        return call => call.Operation == operation && call.Blob.Contains(blob, StringComparison.Ordinal) && Interlocked.Decrement(ref left) == 0
            ? fault
            : Fault.None;
    }

    private static void Die()
    {
        // SIGKILL: nothing is cleaned up, no buffer is flushed.
        Process.GetCurrentProcess().Kill();
        Thread.Sleep(Timeout.Infinite);
    }

    /// <summary>Prints a line that the parent has for certain when this returns.</summary>
    public static void Say(string line)
    {
        lock (Output)
        {
            Console.Out.WriteLine(line);
            Console.Out.Flush();
        }
    }
}
