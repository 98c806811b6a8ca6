using System.Net;
using System.Net.Http.Json;
using AgentSquad.EmbeddedHost.Tests.Http.Durable;
using AgentSquad.TestSupport;
using Microsoft.Extensions.DependencyInjection;

namespace AgentSquad.EmbeddedHost.Tests.Functions;

/// <summary>A host whose storage is not there yet.</summary>
public sealed class OutageTests
{
    [Fact]
    public async Task Start_StorageAway_ServesHttpAndWorksOnceStorageIsThere()
    {
        var azurite = await AzuriteProcess.StartAsync();
        var (connection, blob, queue, table) =
            (azurite.ConnectionString, azurite.BlobEndpoint.Port, azurite.QueueEndpoint.Port, azurite.TableEndpoint.Port);
        await azurite.DisposeAsync();
        await using (var app = await RunningApp.StartAsync(
            [typeof(DurableFunctions)],
            builder => builder.Services.AddSingleton<Signals>(),
            new Dictionary<string, string?> { ["AzureWebJobsStorage"] = connection }))
        {
            var refused = await app.Http.PostAsJsonAsync("/api/start/Travel", new City("Oslo", 1));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter);

            azurite = await AzuriteProcess.StartAsync(null, blob, queue, table);
            await app.WhenActiveAsync();
            Assert.Equal(HttpStatusCode.Accepted, (await app.Http.PostAsJsonAsync("/api/start/Travel", new City("Oslo", 1))).StatusCode);
            Assert.InRange(app.Log.Count(line => line.StartsWith("Warning", StringComparison.Ordinal)), 0, 5);
        }

        await azurite.DisposeAsync();
    }
}
