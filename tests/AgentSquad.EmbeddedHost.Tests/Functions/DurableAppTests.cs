using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AgentSquad.EmbeddedHost.Functions.Binding;
using AgentSquad.EmbeddedHost.Functions.Configuration;
using AgentSquad.EmbeddedHost.Functions.Discovery;
using AgentSquad.EmbeddedHost.Functions.Hosting;
using AgentSquad.EmbeddedHost.Orchestration.Hub;
using AgentSquad.EmbeddedHost.Tests.Http.Durable;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentSquad.EmbeddedHost.Tests.Functions;

/// <summary>Whole apps with durable functions on real Azurite: what breaks them, and that it breaks no more than it must.</summary>
public sealed class DurableAppTests
{
    [Theory]
    [InlineData("Explode", "Fail", "Task 'Explode' (#0) failed with an unhandled exception: no entry to Explode")] // the activity's
    [InlineData("Travel", "Travel", "no entry to Travel")] // the orchestrator's
    public async Task Middleware_ThatFails_FailsTheTaskOrTheInstanceAndNothingElse(string function, string orchestrator, string expected)
    {
        await using var app = await StartAsync(builder => builder.UseMiddleware((context, next) =>
            context.FunctionDefinition.Name == function ? throw new InvalidOperationException($"no entry to {function}") : next()));
        var client = ClientOf(app);

        var failed = await EndAsync(client, orchestrator, new City("Oslo", 1));
        var other = await EndAsync(client, "Wait", null, "go");

        Assert.Equal(OrchestrationRuntimeStatus.Failed, failed.RuntimeStatus);
        Assert.Equal(expected, failed.FailureDetails!.ErrorMessage);
        Assert.Equal("go", other.ReadOutputAs<string>());
    }

    [Fact]
    public async Task Failure_NobodyHandles_IsLoggedOnceForEachFunctionWithInstanceAndName()
    {
        await using var app = await StartAsync();
        var failed = await EndAsync(ClientOf(app), "Fail", "why");

        // The orchestrator's line comes after those who wait for its end were told.
        using var patience = new CancellationTokenSource(RunningApp.Patience);
        while (!app.Log.Any(line => line.Contains("'Fail'", StringComparison.Ordinal))) await Task.Delay(20, patience.Token);

        var lines = app.Log.Where(line => line.Contains("boom", StringComparison.Ordinal)).ToArray();
        Assert.Single(lines, line => line.Contains("'Explode'", StringComparison.Ordinal) && line.StartsWith("Warning", StringComparison.Ordinal));
        Assert.Single(lines, line => line.Contains("'Fail'", StringComparison.Ordinal) && line.StartsWith("Error", StringComparison.Ordinal));
        Assert.Equal(2, lines.Length);
        Assert.All(lines, line => Assert.Contains(failed.InstanceId, line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Client_OfAHostThatStopped_SaysThatTheHubIsUnavailableAndItsSuccessorGoesOn()
    {
        var settings = await SettingsAsync();
        var first = await StartAsync(settings: settings);
        var client = ClientOf(first);
        await client.ScheduleNewOrchestrationInstanceAsync("Wait", null, new StartOrchestrationOptions("waits"));
        await client.WaitForInstanceStartAsync("waits").WaitAsync(RunningApp.Patience);
        await first.StopAsync();

        foreach (var call in (Func<Task>[])
                 [
                     () => client.ScheduleNewOrchestrationInstanceAsync("Wait"),
                     () => client.GetInstanceAsync("waits"),
                     () => client.RaiseEventAsync("waits", "go", "lost"),
                     () => client.TerminateInstanceAsync("waits"),
                     () => client.PurgeInstanceAsync("waits"),
                     () => client.WaitForInstanceCompletionAsync("waits"),
                     async () => await client.GetAllInstancesAsync().CountAsync(),
                 ])
        {
            await Assert.ThrowsAsync<TaskHubUnavailableException>(() => call().WaitAsync(RunningApp.Patience));
        }

        await first.DisposeAsync();
        await using var second = await StartAsync(settings: settings);
        await ClientOf(second).RaiseEventAsync("waits", "go", "arrived");
        Assert.Equal("arrived", (await OfAsync(ClientOf(second), "waits")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task HttpApi_FiveMebibytes_GoInAndComeOut()
    {
        await using var app = await StartAsync();
        app.Http.DefaultRequestHeaders.Add("x-functions-key", app.Keys.MasterKey);
        var large = new string('x', 5 * 1024 * 1024);

        await app.Http.PostAsJsonAsync("/api/start/Wait", new City(large, 1));
        var listed = await app.Http.GetFromJsonAsync<JsonElement>("/runtime/webhooks/durabletask/instances?showInput=true");
        var id = listed[0].GetProperty("instanceId").GetString();
        var raised = await app.Http.PostAsJsonAsync($"/runtime/webhooks/durabletask/instances/{id}/raiseEvent/go", large);
        await OfAsync(ClientOf(app), id!);
        var status = await app.Http.GetFromJsonAsync<JsonElement>($"/runtime/webhooks/durabletask/instances/{id}");

        Assert.Equal(HttpStatusCode.Accepted, raised.StatusCode);
        Assert.Equal(large.Length, listed[0].GetProperty("input").GetProperty("Name").GetString()!.Length);
        Assert.Equal(large.Length, status.GetProperty("output").GetString()!.Length);
    }

    [Fact]
    public async Task ManagementPayload_BehindAProxy_HasTheAddressThatTheCallerKnows()
    {
        await using var app = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/start/Travel") { Content = JsonContent.Create(new City("Oslo", 1)) };
        request.Headers.Add("X-Forwarded-Host", "squad.example");
        request.Headers.Add("X-Forwarded-Proto", "https");
        var client = ClientOf(app);

        var started = await app.Http.SendAsync(request);
        var withoutRequest = client.CreateHttpManagementPayload("an id");

        Assert.StartsWith("https://squad.example/runtime/webhooks/durabletask/instances/", started.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.StartsWith($"{app.Http.BaseAddress}runtime/webhooks/durabletask/instances/an%20id?code=", withoutRequest.StatusQueryGetUri, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => client.CreateHttpManagementPayload(""));
        Assert.Throws<ArgumentException>(() => new Moq.Mock<DurableTaskClient>("of no host").Object.CreateHttpManagementPayload("an id"));
    }

    [Fact]
    public async Task HostBuilder_WithWorkerDefaults_RunsOrchestrationsAsTheOtherBuilderDoes()
    {
        using var host = NewHost(await SettingsAsync());
        await host.StartAsync();
        await host.Services.GetRequiredService<TaskHubHost>().Active.WaitAsync(RunningApp.Patience);
        await using var app = await StartAsync();

        var client = host.Services.GetRequiredService<IDurableClientSource>().ClientFor(null);
        var theirs = await EndAsync(client, "Travel", new City("Oslo", 1));
        var ours = await EndAsync(ClientOf(app), "Travel", new City("Oslo", 1));

        Assert.Equal("""{"Name":"Hello Oslo","Visits":2}""", theirs.SerializedOutput);
        Assert.Equal((ours.SerializedOutput, ours.SerializedCustomStatus), (theirs.SerializedOutput, theirs.SerializedCustomStatus));
        await host.StopAsync();
    }

    [Fact]
    public async Task BothBuilders_WrongSetting_StopTheStartWithTheSameWords()
    {
        var settings = await SettingsAsync();
        settings["AzureFunctionsJobHost:extensions:durableTask:hubName"] = "no-hyphens";
        using var host = NewHost(settings);

        var theirs = await Assert.ThrowsAsync<HostStartException>(() => host.StartAsync());
        var ours = await Assert.ThrowsAsync<HostStartException>(() => StartAsync(settings: settings));

        Assert.Contains("'no-hyphens'", ours.Message, StringComparison.Ordinal);
        Assert.Equal(ours.Message, theirs.Message);
    }

    private static IHost NewHost(Dictionary<string, string?> settings)
    {
        var folder = Directory.CreateTempSubdirectory("agentsquad-test-").FullName;
        return new HostBuilder()
            .ConfigureFunctionsWorkerDefaults()
            .ConfigureAppConfiguration(configuration => configuration.AddInMemory(folder).AddInMemoryCollection(settings))
            .ConfigureServices(services => services.AddSingleton<Signals>().AddSingleton(new FunctionSource([typeof(DurableFunctions)])))
            .ConfigureLogging(logging => logging.SetMinimumLevel(LogLevel.Critical))
            .Build();
    }

    private static async Task<Dictionary<string, string?>> SettingsAsync() => new()
    {
        ["AzureWebJobsStorage"] = await SharedAzurite.ConnectionStringAsync(),
        ["AzureFunctionsJobHost:extensions:durableTask:hubName"] = SharedAzurite.NewHubName(),
    };

    private static async Task<RunningApp> StartAsync(
        Action<IFunctionsWorkerApplicationBuilder>? configure = null, Dictionary<string, string?>? settings = null)
    {
        var app = await RunningApp.StartAsync(
            [typeof(DurableFunctions)],
            builder =>
            {
                builder.Services.AddSingleton<Signals>();
                configure?.Invoke(builder);
            },
            settings ?? await SettingsAsync());
        await app.WhenActiveAsync();
        return app;
    }

    private static DurableTaskClient ClientOf(RunningApp app) => app.Services.GetRequiredService<IDurableClientSource>().ClientFor(null);

    private static async Task<OrchestrationMetadata> EndAsync(DurableTaskClient client, string name, object? input, string? raise = null)
    {
        var id = await client.ScheduleNewOrchestrationInstanceAsync(name, input);
        if (raise is not null) await client.RaiseEventAsync(id, raise, raise);
        return await OfAsync(client, id);
    }

    private static Task<OrchestrationMetadata> OfAsync(DurableTaskClient client, string id) =>
        client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true).WaitAsync(RunningApp.Patience);
}
