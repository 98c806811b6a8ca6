using System.Net;
using System.Net.Http.Json;
using AgentSquad.EmbeddedHost.Tests.Http.Durable;
using Microsoft.Extensions.DependencyInjection;

namespace AgentSquad.EmbeddedHost.Tests.Functions;

/// <summary>A host whose storage is not there yet.</summary>
public sealed class OutageTests
{
    [Fact]
    public async Task Start_StorageAway_ServesHttpAndWorksOnceStorageIsThere()
    {
        await using var line = await StorageLine.CreateAsync();
        await using var app = await RunningApp.StartAsync(
            [typeof(DurableFunctions)],
            builder => builder.Services.AddSingleton<Signals>(),
            new Dictionary<string, string?>
            {
                ["AzureWebJobsStorage"] = line.ConnectionString,
                ["AzureFunctionsJobHost:extensions:durableTask:hubName"] = SharedAzurite.NewHubName(),
            });
        var refused = await app.Http.PostAsJsonAsync("/api/start/Travel", new City("Oslo", 1));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);

        line.Open();
        await app.WhenActiveAsync();
        Assert.Equal(HttpStatusCode.Accepted, (await app.Http.PostAsJsonAsync("/api/start/Travel", new City("Oslo", 1))).StatusCode);
        Assert.InRange(app.Log.Count(entry => entry.StartsWith("Warning", StringComparison.Ordinal)), 0, 5);
    }
}
