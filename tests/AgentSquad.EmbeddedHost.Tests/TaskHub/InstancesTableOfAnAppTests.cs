using System.Net.Http.Json;
using System.Text.Json;
using AgentSquad.EmbeddedHost.TaskHub.ReadModel;
using AgentSquad.EmbeddedHost.Tests.Functions;
using AgentSquad.EmbeddedHost.Tests.Http.Durable;
using Azure.Data.Tables;
using Microsoft.Extensions.DependencyInjection;

namespace AgentSquad.EmbeddedHost.Tests.TaskHub;

/// <summary>The table of instances as a running app keeps it.</summary>
public sealed class InstancesTableOfAnAppTests
{
    private readonly string _hub = SharedAzurite.NewHubName();

    [Fact]
    public async Task FinishedInstance_ShowsInTheTable_AlsoInOneThatIsMadeAnewAtTheNextStart()
    {
        var storage = await SharedAzurite.ConnectionStringAsync();
        var table = new TableClient(storage, InstancesTableWriter.TableName(_hub));
        string id;
        await using (var app = await StartAsync(storage))
        {
            var started = await app.Http.PostAsJsonAsync("/api/start/Travel", new { Name = "Oslo", Visits = 1 });
            id = (await started.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
            var row = await CompletedAsync(table, id);
            Assert.Equal("Travel", row.GetString("Name"));
            Assert.Equal(_hub, row.GetString("TaskHubName"));
            Assert.Contains("Oslo", row.GetString("Input"), StringComparison.Ordinal);
            Assert.Contains("Hello Oslo", row.GetString("Output"), StringComparison.Ordinal);
        }

        await table.DeleteAsync();
        await using var again = await StartAsync(storage);
        Assert.Contains("Hello Oslo", (await CompletedAsync(table, id)).GetString("Output"), StringComparison.Ordinal);
    }

    private static async Task<TableEntity> CompletedAsync(TableClient table, string id)
    {
        using var patience = new CancellationTokenSource(RunningApp.Patience);
        while (true)
        {
            try
            {
                var row = await table.GetEntityIfExistsAsync<TableEntity>(id, "", cancellationToken: patience.Token);
                if (row.HasValue && row.Value!.GetString("RuntimeStatus") == "Completed") return row.Value;
            }
            catch (Azure.RequestFailedException missing) when (missing.Status == 404)
            {
                // The table itself is still to come.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), patience.Token);
        }
    }

    private async Task<RunningApp> StartAsync(string storage)
    {
        var app = await RunningApp.StartAsync(
            [typeof(DurableFunctions)],
            builder => builder.Services.AddSingleton(new Signals()),
            new Dictionary<string, string?>
            {
                ["AzureWebJobsStorage"] = storage,
                ["AzureFunctionsJobHost:extensions:durableTask:hubName"] = _hub,
            });
        await app.WhenActiveAsync();
        return app;
    }
}
