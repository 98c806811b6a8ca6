using System.Net.Http.Json;
using System.Text.Json;
using AgentSquad.EmbeddedHost.TaskHub.ReadModel;
using AgentSquad.EmbeddedHost.Tests.Functions;
using AgentSquad.EmbeddedHost.Tests.Http.Durable;
using Azure.Data.Tables;
using Microsoft.Extensions.DependencyInjection;

namespace AgentSquad.EmbeddedHost.Tests.TaskHub;

/// <summary>The table of histories as a running app keeps it when its setting asks for it.</summary>
public sealed class HistoryTableTests
{
    private readonly string _hub = SharedAzurite.NewHubName();

    [Fact]
    public async Task HistoryTable_SwitchedOn_HasTheProvidersRowsUntilThePurge()
    {
        var storage = await SharedAzurite.ConnectionStringAsync();
        var table = new TableClient(storage, HistoryTableWriter.TableName(_hub));
        await using var app = await RunningApp.StartAsync(
            [typeof(DurableFunctions)],
            builder => builder.Services.AddSingleton(new Signals()),
            new Dictionary<string, string?>
            {
                ["AzureWebJobsStorage"] = storage,
                ["AzureFunctionsJobHost:extensions:durableTask:hubName"] = _hub,
                ["EmbeddedHost:HistoryTable"] = "true",
            });
        await app.WhenActiveAsync();
        var started = await app.Http.PostAsJsonAsync("/api/start/Travel", new { Name = "Oslo", Visits = 1 });
        var payload = await started.Content.ReadFromJsonAsync<JsonElement>();
        var id = payload.GetProperty("id").GetString()!;

        var rows = await UntilAsync(table, id, found => found.Any(row => row.GetString("EventType") == "ExecutionCompleted"));
        Assert.Equal(
            ["OrchestratorStarted", "ExecutionStarted", "TaskScheduled", "OrchestratorStarted", "TaskCompleted", "ExecutionCompleted"],
            rows.Where(row => row.RowKey != "sentinel").Select(row => row.GetString("EventType")));
        Assert.Equal(["0000000000000000", "0000000000000001"], rows.Take(2).Select(row => row.RowKey));
        Assert.Equal(("Travel", true), (rows[1].GetString("Name"), rows[1].GetString("Input").Contains("Oslo", StringComparison.Ordinal)));
        Assert.Equal(("Greet", 0, "\"Oslo\""), (rows[2].GetString("Name"), rows[2].GetInt32("EventId"), rows[2].GetString("Input")));
        Assert.Equal((0, "\"Hello Oslo\""), (rows[4].GetInt32("TaskScheduledId"), rows[4].GetString("Result")));
        Assert.Equal("Completed", rows[5].GetString("OrchestrationStatus"));
        Assert.Single(rows.Select(row => row.GetString("ExecutionId")).Distinct());
        Assert.Equal("sentinel", rows[^1].RowKey);

        await app.Http.DeleteAsync(payload.GetProperty("purgeHistoryDeleteUri").GetString());
        Assert.Empty(await UntilAsync(table, id, found => found.Count == 0));
    }

    private static async Task<List<TableEntity>> UntilAsync(TableClient table, string id, Func<List<TableEntity>, bool> condition)
    {
        using var patience = new CancellationTokenSource(RunningApp.Patience);
        while (true)
        {
            try
            {
                var rows = await table.QueryAsync<TableEntity>(row => row.PartitionKey == id, cancellationToken: patience.Token).ToListAsync(patience.Token);
                if (condition(rows)) return rows;
            }
            catch (Azure.RequestFailedException missing) when (missing.Status == 404)
            {
                // The table itself is still to come.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), patience.Token);
        }
    }
}
