using AgentSquad.Core.Squad;
using AgentSquad.Functions.Configuration;
using AgentSquad.Functions.Maintenance;
using AgentSquad.Functions.Storage;
using AgentSquad.Functions.Tests.Support;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AgentSquad.Functions.Tests.Maintenance;

[Collection(StorageTests.Name)]
public sealed class RetentionTests(StorageFixture storage)
{
    private static readonly TimeSpan Keep = TimeSpan.FromDays(30);

    [Fact]
    public async Task PurgeRuns_EndedLongAgo_GoesWithItsBlobsAndTheRestStays()
    {
        var (client, artifacts) = (Client(), new ArtifactStore(storage.NewAccount()));
        foreach (var run in client.Runs) await artifacts.SaveAsync(run.InstanceId, "plan", new Text("x"), default);

        await Retention(artifacts, Keep).PurgeRuns(new TimerInfo(), client, TestRequest.Context());

        Assert.Equal([TestRuns.InstanceId("1")], client.Purged);
        Assert.Null(await artifacts.FindAsync<Text>(TestRuns.InstanceId("1"), "plan", default));
        foreach (var kept in (string[])["2", "3"]) Assert.NotNull(await artifacts.FindAsync<Text>(TestRuns.InstanceId(kept), "plan", default));
    }

    [Fact]
    public async Task PurgeRuns_RetentionZero_KeepsEverything()
    {
        var client = Client();
        await Retention(new ArtifactStore(storage.NewAccount()), TimeSpan.Zero).PurgeRuns(new TimerInfo(), client, TestRequest.Context());
        Assert.Empty(client.Purged);
    }

    [Fact]
    public async Task PurgeAsync_BlobOfTheTicketsNextRun_Stays()
    {
        var artifacts = new ArtifactStore(storage.NewAccount());
        await artifacts.SaveAsync("jira-1", "new/plan", new Text("x"), default);
        Assert.Equal(0, await artifacts.PurgeAsync("jira-1", DateTimeOffset.UtcNow.AddMinutes(-5), default));
        Assert.NotNull(await artifacts.FindAsync<Text>("jira-1", "new/plan", default));
    }

    // The blobs of these tests are of today; the clock says that today is long over.
    private static Retention Retention(ArtifactStore artifacts, TimeSpan keep)
    {
        var clock = TestSquad.ClockAt(DateTimeOffset.UtcNow + Keep + TimeSpan.FromDays(1));
        var options = new SquadOptions();
        options.Retention.Runs = keep;
        return new Retention(artifacts, Options.Create(options), clock, NullLogger<Retention>.Instance);
    }

    private static FakeDurableTaskClient Client()
    {
        var client = new FakeDurableTaskClient();
        client.Runs.Add(Run("1", OrchestrationRuntimeStatus.Completed, DateTimeOffset.UtcNow.AddHours(-1)));
        client.Runs.Add(Run("2", OrchestrationRuntimeStatus.Running, DateTimeOffset.UtcNow.AddDays(-400)));
        client.Runs.Add(Run("3", OrchestrationRuntimeStatus.Completed, DateTimeOffset.UtcNow.AddDays(2)));
        return client;
    }

    private static OrchestrationMetadata Run(string issueId, OrchestrationRuntimeStatus status, DateTimeOffset updated)
    {
        var run = TestRuns.Run(issueId, RunStage.Deliver, status);
        return new OrchestrationMetadata(run.Name, run.InstanceId) { RuntimeStatus = status, CreatedAt = run.CreatedAt, LastUpdatedAt = updated };
    }

    private sealed record Text(string Value);
}
