using System.Net;
using System.Net.Sockets;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;

namespace AgentSquad.EmbeddedHost.Tests.Functions.Processes;

/// <summary>The host as a process: how it starts, stands by, takes over, loses its hub and ends.</summary>
public sealed class ProcessTests
{
    [Fact]
    public async Task Start_PortInUse_OneLineWithTheWayOutAndExitCode1()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await using var app = ChildApp.Launch(await ChildApp.NewSettingsAsync(), "--port", $"{port}");
        Assert.Equal(1, await app.ExitAsync());
        Assert.Matches($"^error: Port {port} on 127.0.0.1 is in use: choose another with --port.\\s*$", app.Errors);
    }

    [Fact]
    public async Task Sigterm_RequestRuns_IsAnsweredThenExitCode0()
    {
        await using var app = await ChildApp.StartAsync(await ChildApp.NewSettingsAsync());
        var slow = app.Http.GetStringAsync("/api/Slow");
        await app.ReadUntilAsync("slow started");
        app.Terminate();
        Assert.Equal("done GET", await slow);
        Assert.Equal(0, await app.ExitAsync());
        Assert.Equal("", app.Errors);
    }

    [Fact]
    public async Task Standby_OwnerKilled_TakesOverWithin20SecondsAndFinishesItsRuns()
    {
        var settings = await ChildApp.NewSettingsAsync();
        await using var owner = await ChildApp.StartAsync(settings);
        await owner.UntilAsync("Running");
        Assert.Equal("run", await owner.PostAsync("/api/start/run"));
        await using var standby = await ChildApp.StartAsync(settings);
        await standby.UntilAsync("Standby");

        // Whatever needs the hub is refused for a while; what only puts something on the queue is not.
        foreach (var path in (string[])["/runtime/webhooks/durabletask/instances/run", "/api/status/run"])
        {
            var refused = await standby.Http.GetAsync(path);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter);
        }

        owner.Kill();
        var killed = TimeProvider.System.GetTimestamp();
        Assert.Equal(HttpStatusCode.Accepted, (await standby.Http.PostAsync("/api/enqueue/run", null)).StatusCode);
        await standby.UntilAsync("Running");
        Assert.InRange(TimeProvider.System.GetElapsedTime(killed), TimeSpan.Zero, TimeSpan.FromSeconds(20));
        await standby.UntilStatusAsync("run", "Completed");
    }

    [Fact]
    public async Task Owner_LosesItsHub_SaysSoAndExitsWithCode1()
    {
        var settings = await ChildApp.NewSettingsAsync();
        await using var app = await ChildApp.StartAsync(settings);
        await app.UntilAsync("Running");
        var hub = settings["AzureFunctionsJobHost__extensions__durableTask__hubName"];
        var container = new BlobContainerClient(settings["AzureWebJobsStorage"], $"{hub.ToLowerInvariant()}-log");

        // Another process takes the log away.
        var taken = 0;
        await foreach (var blob in container.GetBlobsAsync())
        {
            var lease = container.GetBlobClient(blob.Name).GetBlobLeaseClient();
            if ((await container.GetBlobClient(blob.Name).GetPropertiesAsync()).Value.LeaseState != Azure.Storage.Blobs.Models.LeaseState.Leased) continue;
            await lease.BreakAsync(TimeSpan.Zero);
            await lease.AcquireAsync(TimeSpan.FromSeconds(60));
            taken++;
        }

        Assert.Equal(1, taken);
        Assert.Equal(1, await app.ExitAsync());
        Assert.Contains("error: the task hub is lost to this process", app.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_HubOfAnotherKindOfHost_IsRefusedWithExitCode1()
    {
        var settings = await ChildApp.NewSettingsAsync();
        var hub = settings["AzureFunctionsJobHost__extensions__durableTask__hubName"];
        var markers = new BlobContainerClient(settings["AzureWebJobsStorage"], "agentsquad-hosts");
        await markers.CreateIfNotExistsAsync();
        await markers.GetBlobClient($"hub/{hub.ToLowerInvariant()}").UploadAsync(BinaryData.FromString("""{"host":"AzureFunctions","format":1}"""));
        await using var app = ChildApp.Launch(settings, "--port", "0");
        Assert.Equal(1, await app.ExitAsync());
        Assert.Contains($"error: The task hub '{hub}' belongs to the host 'AzureFunctions'", app.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Kill_OrchestrationWaits_GoesOnAfterTheRestart()
    {
        var settings = await ChildApp.NewSettingsAsync();
        await using (var first = await ChildApp.StartAsync(settings))
        {
            await first.UntilAsync("Running");
            await first.PostAsync("/api/start/survivor");
            await first.UntilStatusAsync("survivor", "Running");
            first.Kill();
        }

        await using var second = await ChildApp.StartAsync(settings);
        await second.UntilAsync("Running");
        await second.Http.PostAsync("/api/enqueue/survivor", null);
        await second.UntilStatusAsync("survivor", "Completed");
    }
}
