namespace AgentSquad.EmbeddedHost.Tests.Functions.Processes;

/// <summary>User code that takes all threads of the shared pool, in a process of its own: the other tests want theirs.</summary>
public sealed class ExhaustionTests
{
    [Fact]
    public async Task SharedPool_BlockedByOrchestratorAndActivity_HttpQueueAndOtherRunsGoOn()
    {
        await using var app = await ChildApp.StartAsync(await ChildApp.NewSettingsAsync());
        await app.UntilAsync("Running");
        await app.PostAsync("/api/exhaust/blocks");
        await app.ReadUntilAsync("pool exhausted");

        await app.PostAsync("/api/start/other");
        await app.PostAsync("/api/enqueue/other");
        await app.UntilStatusAsync("other", "Completed");
        await app.UntilStatusAsync("blocks", "Running");

        await app.PostAsync("/api/Release");
        await app.UntilStatusAsync("blocks", "Completed");
    }
}
