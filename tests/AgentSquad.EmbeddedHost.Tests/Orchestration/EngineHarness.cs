using AgentSquad.EmbeddedHost.Orchestration.Hub;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentSquad.EmbeddedHost.Tests.Orchestration;

/// <summary>An engine that can be crashed and started again on what was durable.</summary>
internal sealed class EngineHarness : IAsyncDisposable
{
    /// <summary>The one generous limit of every wait.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private EngineHarness(ITestHub hub, TestFunctions functions, TaskHubEngineOptions options, ILoggerFactory loggers)
    {
        Hub = hub;
        Functions = functions;
        Options = options;
        Loggers = loggers;
    }

    public ITestHub Hub { get; }

    public TestFunctions Functions { get; }

    public TaskHubEngineOptions Options { get; }

    public ILoggerFactory Loggers { get; }

    public TaskHubEngine Engine { get; private set; } = null!;

    public DurableTaskClient Client { get; private set; } = null!;

    public static async Task<EngineHarness> StartAsync(
        TestFunctions functions, TaskHubEngineOptions? options = null, ITestHub? hub = null, ILoggerFactory? loggers = null)
    {
        var harness = new EngineHarness(hub ?? await AzuriteHub.CreateAsync(), functions, options ?? new TaskHubEngineOptions(), loggers ?? NullLoggerFactory.Instance);
        await harness.OpenAsync();
        return harness;
    }

    /// <summary>Kills the engine as a crash would, and starts another on what was durable.</summary>
    public Task CrashAndRestartAsync() => OpenAsync();

    /// <summary>Stops the engine in good order and starts another.</summary>
    public async Task RestartAsync()
    {
        await Engine.StopAsync(CancellationToken.None);
        await OpenAsync();
    }

    public Task<string> ScheduleAsync(string name, object? input = null, string? id = null) => Client.ScheduleNewOrchestrationInstanceAsync(
        name, input, id is null ? null : new StartOrchestrationOptions(id)).WaitAsync(Limit);

    public Task<OrchestrationMetadata> EndAsync(string id) => Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true).WaitAsync(Limit);

    public async Task<OrchestrationMetadata> RunAsync(string name, object? input = null) => await EndAsync(await ScheduleAsync(name, input));

    /// <summary>Waits until an instance's state is as wanted.</summary>
    public async Task<OrchestrationMetadata> UntilAsync(string id, Func<OrchestrationMetadata, bool> condition)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (true)
        {
            var state = await Client.GetInstanceAsync(id, getInputsAndOutputs: true, limit.Token);
            if (state is not null && condition(state)) return state;
            await Task.Delay(5, limit.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
    }

    /// <summary>Waits for a signal of user code.</summary>
    public static Task Signalled(TaskCompletionSource signal) => signal.Task.WaitAsync(Limit);

    public static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task OpenAsync()
    {
        var log = Hub.Open();
        Engine = new TaskHubEngine(log, Hub.Payloads, Functions, Options, Loggers);
        Client = Engine.CreateClient("test");
        await Engine.StartAsync(CancellationToken.None).WaitAsync(Limit);
    }
}
