using AgentSquad.EmbeddedHost.Orchestration.Hub;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace AgentSquad.EmbeddedHost.Tests.Orchestration;

/// <summary>Versions of orchestrations: defaultVersion, versionMatchStrategy and versionFailureStrategy of host.json.</summary>
public sealed class VersionTests
{
    [Fact]
    public async Task DefaultVersion_NewInstancesAndSubOrchestrations_HaveItUnlessTheirStartSaysOtherwise()
    {
        await using var harness = await StartAsync(await AzuriteHub.CreateAsync(), "2.0");

        var byDefault = await harness.RunAsync("Parent");
        var named = await harness.EndAsync(await harness.Client.ScheduleNewOrchestrationInstanceAsync(
            "Parent", new StartOrchestrationOptions { Version = new TaskVersion("1.0") }));

        Assert.Equal("2.0, child 2.0, named child 1.5", byDefault.ReadOutputAs<string>());
        Assert.Equal("1.0, child 2.0, named child 1.5", named.ReadOutputAs<string>());
    }

    [Fact]
    public async Task CurrentOrOlder_OlderGoesOn_NewerWaitsForItsVersion()
    {
        var hub = await AzuriteHub.CreateAsync();
        string older, newer;
        await using (var two = await StartAsync(hub, "2.0"))
        {
            newer = await two.ScheduleAsync("Waits");
            older = await two.Client.ScheduleNewOrchestrationInstanceAsync("Waits", new StartOrchestrationOptions { Version = new TaskVersion("1.0") });
            await two.UntilAsync(newer, state => state.IsRunning);
            await two.UntilAsync(older, state => state.IsRunning);

            await using var one = await StartAsync(hub, "1.0");
            await one.Client.RaiseEventAsync(newer, "Go", "go").WaitAsync(EngineHarness.Limit);
            await one.Client.RaiseEventAsync(older, "Go", "go");
            Assert.Equal("1.0 go", (await one.EndAsync(older)).ReadOutputAs<string>());
            Assert.True((await one.Client.GetInstanceAsync(newer))!.IsRunning);
        }

        await using var again = await StartAsync(hub, "2.0");
        Assert.Equal("2.0 go", (await again.EndAsync(newer)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Reject_NewerInstance_CanBeTerminated()
    {
        await using var harness = await StartAsync(await AzuriteHub.CreateAsync(), "1.0");
        var id = await harness.Client.ScheduleNewOrchestrationInstanceAsync("Waits", new StartOrchestrationOptions { Version = new TaskVersion("3") })
            .WaitAsync(EngineHarness.Limit);

        await harness.Client.TerminateInstanceAsync(id, "no longer wanted");

        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await harness.EndAsync(id)).RuntimeStatus);
    }

    [Theory]
    [InlineData("1.0", "Strict", false)]
    [InlineData("2.0", "Strict", true)]
    [InlineData("3.0", "CurrentOrOlder", false)]
    [InlineData("1.0", "CurrentOrOlder", true)]
    [InlineData("3.0", "None", true)]
    public async Task Fail_VersionThatDoesNotMatch_FailsTheInstance(string version, string match, bool runs)
    {
        var versions = new OrchestrationVersions { Default = "2.0", Match = Enum.Parse<VersionMatch>(match), OnMismatch = VersionMismatch.Fail };
        await using var harness = await EngineHarness.StartAsync(Functions(), new TaskHubEngineOptions { Versions = versions });

        var end = await harness.EndAsync(await harness.Client.ScheduleNewOrchestrationInstanceAsync(
            "Echo", new StartOrchestrationOptions { Version = new TaskVersion(version) }));

        Assert.Equal(runs ? OrchestrationRuntimeStatus.Completed : OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        if (!runs) Assert.Equal("VersionMismatch", end.FailureDetails!.ErrorType);
    }

    private static Task<EngineHarness> StartAsync(ITestHub hub, string version) => EngineHarness.StartAsync(
        Functions(), new TaskHubEngineOptions { Versions = new OrchestrationVersions { Default = version } }, hub);

    private static TestFunctions Functions() => new TestFunctions()
        .Orchestrator("Echo", context => Task.FromResult<object?>(context.Version))
        .Orchestrator("Waits", async context => $"{context.Version} {await context.WaitForExternalEvent<string>("Go")}")
        .Orchestrator("Parent", async context =>
        {
            var child = await context.CallSubOrchestratorAsync<string>("Echo");
            var named = await context.CallSubOrchestratorAsync<string>("Echo", null, new SubOrchestrationOptions { Version = new TaskVersion("1.5") });
            return $"{context.Version}, child {child}, named child {named}";
        });
}
