using AgentSquad.EmbeddedHost.Orchestration.Hub;
using AgentSquad.EmbeddedHost.TaskHub.ReadModel;
using AgentSquad.EmbeddedHost.Tests.Orchestration;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using static AgentSquad.EmbeddedHost.Tests.TaskHub.LogHub;

namespace AgentSquad.EmbeddedHost.Tests.TaskHub;

/// <summary>Whatever the table's client throws, the writers of tables go on: nobody would notice that they have ended.</summary>
public sealed class TableTroubleTests
{
    private readonly string _hub = SharedAzurite.NewHubName();

    public static TheoryData<Exception> Troubles => new(
        new AggregateException("Retry failed after 4 tries.", new HttpRequestException("injected")),
        new TaskCanceledException("The operation was cancelled because it exceeded the configured timeout."),
        new InvalidOperationException("injected"));

    [Theory]
    [MemberData(nameof(Troubles), DisableDiscoveryEnumeration = true)]
    public async Task Instances_TableGoneAndCannotBeCreatedAtFirst_IsWrittenInTheEnd(Exception trouble)
    {
        // Once for each worker.
        var options = new InstancesTableOptions { WriteDelay = TimeSpan.Zero };
        var policy = new TroublePolicy(request => IsCreation(request) ? trouble : null, options.Concurrency);
        var (table, writer) = await StartAsync(policy, options);
        await using var _ = writer;
        for (var i = 0; i < options.Concurrency; i++) await PostAsync(writer, $"i{i}");

        await writer.FlushAsync(CancellationToken.None).WaitAsync(Patience);

        Assert.Equal(options.Concurrency, (await table.QueryAsync<TableEntity>().ToListAsync()).Count);
        Assert.Equal(0, policy.Left);
    }

    [Fact]
    public async Task Instances_OneRowAlwaysFailsAsNobodyForesaw_IsLeftWithAWordAndTheOthersAreWritten()
    {
        var policy = new TroublePolicy(request => request.Uri.ToString().Contains("odd", StringComparison.Ordinal) ? new InvalidOperationException("injected") : null, int.MaxValue);
        using var logs = new CollectedLogs();
        var (table, writer) = await StartAsync(policy, new InstancesTableOptions { WriteDelay = TimeSpan.Zero }, logs);
        await using var _ = writer;
        await writer.CreateTableAsync(CancellationToken.None);

        // A delete names the row in its address.
        await writer.PostDeleteAsync("odd", CancellationToken.None);
        for (var i = 0; i < 10; i++) await PostAsync(writer, $"i{i}");
        await writer.FlushAsync(CancellationToken.None).WaitAsync(Patience);

        Assert.Equal(10, (await table.QueryAsync<TableEntity>().ToListAsync()).Count);
        Assert.Single(logs.Lines, line => line.StartsWith("Error: ", StringComparison.Ordinal) && line.Contains("odd", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Troubles), DisableDiscoveryEnumeration = true)]
    public async Task Histories_TableGoneAndCannotBeCreatedAtFirst_IsWrittenInTheEnd(Exception trouble)
    {
        var tables = await TablesAsync(new TroublePolicy(request => IsCreation(request) ? trouble : null, 1));
        await using var readModel = new HistoryTableReadModel(new HistoryTableWriter(tables, _hub), TimeProvider.System, NullLogger.Instance);
        var hub = new MemoryHub();
        var functions = new TestFunctions().Orchestrator("Echo", context => Task.FromResult<object?>(context.GetInput<string>()));
        await using var engine = new TaskHubEngine(hub.Open(), hub.Payloads, functions, new TaskHubEngineOptions(), NullLoggerFactory.Instance, readModel);
        readModel.Start(engine);
        await engine.StartAsync(CancellationToken.None);
        var client = engine.CreateClient("test");

        await client.ScheduleNewOrchestrationInstanceAsync("Echo", "x", new StartOrchestrationOptions("one"));
        await client.WaitForInstanceCompletionAsync("one").WaitAsync(Patience);
        await readModel.FlushAsync(CancellationToken.None).WaitAsync(Patience);

        var rows = await tables.GetTableClient(HistoryTableWriter.TableName(_hub)).QueryAsync<TableEntity>(row => row.PartitionKey == "one").ToListAsync();
        Assert.Contains(rows, row => row.GetString("EventType") == "ExecutionCompleted");
    }

    private static bool IsCreation(Request request) =>
        request.Method == RequestMethod.Post && request.Uri.ToString().Contains("/Tables", StringComparison.Ordinal);

    private static Task PostAsync(InstancesTableWriter writer, string id) => writer.PostAsync(
        new InstanceRow
        {
            InstanceId = id, ExecutionId = "execution", Name = "Name", RuntimeStatus = "Running", CreatedTime = DateTimeOffset.UnixEpoch,
            LastUpdatedTime = DateTimeOffset.UnixEpoch,
        },
        CancellationToken.None).AsTask().WaitAsync(Patience);

    private static async Task<TableServiceClient> TablesAsync(TroublePolicy policy)
    {
        var client = new TableClientOptions { Retry = { MaxRetries = 0 } };
        client.AddPolicy(policy, HttpPipelinePosition.PerCall);
        return new TableServiceClient(await SharedAzurite.ConnectionStringAsync(), client);
    }

    private async Task<(TableClient Table, InstancesTableWriter Writer)> StartAsync(
        TroublePolicy policy, InstancesTableOptions options, ILoggerFactory? loggers = null)
    {
        var tables = await TablesAsync(policy);
        var writer = new InstancesTableWriter(tables, _hub, options, (loggers ?? NullLoggerFactory.Instance).CreateLogger<InstancesTableWriter>());
        return (tables.GetTableClient(InstancesTableWriter.TableName(_hub)), writer);
    }

    /// <summary>Lets so many requests fail as told.</summary>
    private sealed class TroublePolicy(Func<Request, Exception?> trouble, int times) : HttpPipelinePolicy
    {
        private int _left = times;

        public int Left => _left;

        public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => ProcessNext(message, pipeline);

        public override ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
        {
            if (trouble(message.Request) is not { } failure) return ProcessNextAsync(message, pipeline);
            for (var left = _left; left > 0; left = _left)
            {
                if (Interlocked.CompareExchange(ref _left, left - 1, left) == left) return ValueTask.FromException(failure);
            }

            return ProcessNextAsync(message, pipeline);
        }
    }
}
