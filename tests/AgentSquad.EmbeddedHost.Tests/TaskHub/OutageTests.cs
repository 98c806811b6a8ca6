using System.Diagnostics;
using AgentSquad.EmbeddedHost.TaskHub;
using AgentSquad.EmbeddedHost.TaskHub.Storage;
using AgentSquad.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentSquad.EmbeddedHost.Tests.TaskHub;

/// <summary>Real outages, of an Azurite that belongs to the test.</summary>
public sealed class OutageTests
{
    private const string Container = "outage-log";

    [SkippableFact]
    public async Task Append_StorageFreezesAndThaws_EverythingLandsOnce()
    {
        Skip.If(OperatingSystem.IsWindows(), "There is no SIGSTOP on Windows.");
        await using var azurite = await AzuriteProcess.StartAsync();
        var work = new LogWorkload();
        using var segments = Segments(azurite.ConnectionString);
        await using (var log = Log(azurite.ConnectionString, segments))
        {
            await work.RecoverAsync(log);
            await work.RunAsync(log);

            // Requests under way are given up here and still take effect when the storage thaws.
            await SignalAsync("STOP", azurite.ProcessId);
            var waiting = Enumerable.Range(0, 20).Select(_ => work.AppendAsync(log)).ToArray();
            await Task.Delay(TimeSpan.FromSeconds(3));
            Assert.DoesNotContain(waiting, append => append.IsCompleted);
            await SignalAsync("CONT", azurite.ProcessId);
            await Task.WhenAll(waiting).WaitAsync(LogHub.Patience);
            await work.RunAsync(log);
        }

        await using var next = Log(azurite.ConnectionString, segments);
        await work.RecoverAsync(next);
    }

    [Fact]
    public async Task OpenAsync_StorageIsNotThereYet_OpensWhenItComes()
    {
        var azurite = await AzuriteProcess.StartAsync();
        var connection = azurite.ConnectionString;
        int[] ports = [azurite.BlobEndpoint.Port, azurite.QueueEndpoint.Port, azurite.TableEndpoint.Port];
        await azurite.DisposeAsync();

        using var segments = Segments(connection);
        await using var log = Log(connection, segments);
        var opening = log.OpenAsync(CancellationToken.None);
        await Task.Delay(TimeSpan.FromSeconds(1));
        Assert.False(opening.IsCompleted);
        await using var again = await AzuriteProcess.StartAsync(blobPort: ports[0], queuePort: ports[1], tablePort: ports[2]);
        var found = await LogHub.ReadAsync(await opening.WaitAsync(LogHub.Patience));
        Assert.Empty(found.Records);
        await LogHub.AppendAsync(log, "a");
    }

    private static AzureSegmentStorage Segments(string connection) =>
        new(StorageAccount.FromConnectionString(connection), Container, TimeSpan.FromSeconds(1));

    private static CommitLog Log(string connection, AzureSegmentStorage segments) => new(
        segments, new AzureBlobStorage(StorageAccount.FromConnectionString(connection), Container), LogHub.Options,
        NullLogger<CommitLog>.Instance);

    private static async Task SignalAsync(string signal, int processId)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{processId}"]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
    }
}
