using AgentSquad.EmbeddedHost.TaskHub.ReadModel;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging.Abstractions;
using static AgentSquad.EmbeddedHost.Tests.TaskHub.LogHub;

namespace AgentSquad.EmbeddedHost.Tests.TaskHub;

public sealed class InstancesTableTests
{
    private static readonly DateTimeOffset Created = new(2026, 11, 1, 8, 30, 0, TimeSpan.Zero);

    private readonly string _hub = SharedAzurite.NewHubName();

    [Fact]
    public async Task PostAsync_FullRow_HasTheProvidersColumns()
    {
        var (table, writer) = await StartAsync();
        await using var _ = writer;
        await PostAsync(writer, Row("a") with
            {
                Input = "\"in\"", Output = "\"out\"", CustomStatus = "{}", CompletedTime = Created.AddMinutes(2), ScheduledStartTime = Created,
                Generation = 3, Tags = """{"k":"v"}""",
            });
        await FlushAsync(writer);
        var entity = (await table.GetEntityAsync<TableEntity>("a", "")).Value;
        Assert.Equal(_hub, entity.GetString("TaskHubName"));
        Assert.Equal("execution", entity.GetString("ExecutionId"));
        Assert.Equal("TicketOrchestrator", entity.GetString("Name"));
        Assert.Equal("", entity.GetString("Version"));
        Assert.Equal("Running", entity.GetString("RuntimeStatus"));
        Assert.Equal("\"in\"", entity.GetString("Input"));
        Assert.Equal("\"out\"", entity.GetString("Output"));
        Assert.Equal("{}", entity.GetString("CustomStatus"));
        Assert.Equal(Created, entity.GetDateTimeOffset("CreatedTime"));
        Assert.Equal(Created.AddMinutes(1), entity.GetDateTimeOffset("LastUpdatedTime"));
        Assert.Equal(Created.AddMinutes(2), entity.GetDateTimeOffset("CompletedTime"));
        Assert.Equal(Created, entity.GetDateTimeOffset("ScheduledStartTime"));
        Assert.Equal(3, entity.GetInt32("Generation"));
        Assert.Equal("""{"k":"v"}""", entity.GetString("Tags"));
    }

    [Fact]
    public async Task PostAsync_ManyOfOneInstance_WritesTheNewestOnce()
    {
        var counter = new CountingPolicy();
        var (table, writer) = await StartAsync(counter, new InstancesTableOptions { WriteDelay = TimeSpan.FromMinutes(5) });
        await using var _ = writer;
        for (var i = 0; i < 100; i++) await PostAsync(writer, Row("a") with { CustomStatus = $"{i}" });
        Assert.Equal(1, writer.Pending);
        Assert.True(writer.Lag > TimeSpan.Zero);
        await FlushAsync(writer);
        Assert.Equal(TimeSpan.Zero, writer.Lag);
        Assert.Equal("99", (await table.GetEntityAsync<TableEntity>("a", "")).Value.GetString("CustomStatus"));
        Assert.Equal(1, counter.Puts);
    }

    [Fact]
    public async Task PostDeleteAsync_AfterPost_LeavesNoRow()
    {
        var (table, writer) = await StartAsync();
        await using var _ = writer;
        await PostAsync(writer, Row("a/b#c"));
        await FlushAsync(writer);
        Assert.True((await table.GetEntityIfExistsAsync<TableEntity>("a^0b^2c", "")).HasValue);
        await writer.PostDeleteAsync("a/b#c", CancellationToken.None);
        await writer.PostDeleteAsync("never there", CancellationToken.None);
        await FlushAsync(writer);
        Assert.False((await table.GetEntityIfExistsAsync<TableEntity>("a^0b^2c", "")).HasValue);
    }

    [Fact]
    public async Task PostAsync_LargeOutput_IsCutWithAWord()
    {
        var (table, writer) = await StartAsync();
        await using var _ = writer;
        await PostAsync(writer, Row("a") with { Output = new string('x', 5 * 1024 * 1024) });
        await FlushAsync(writer);
        var output = (await table.GetEntityAsync<TableEntity>("a", "")).Value.GetString("Output");
        Assert.StartsWith("\"(5242880 characters, too large for this table", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PostAsync_StorageAwayForAWhile_IsWrittenInTheEnd()
    {
        var outage = new CountingPolicy { Failures = 5 };
        var (table, writer) = await StartAsync(outage);
        await using var _ = writer;
        for (var i = 0; i < 20; i++) await PostAsync(writer, Row($"i{i}"));
        await FlushAsync(writer);
        Assert.Equal(20, (await table.QueryAsync<TableEntity>().ToListAsync()).Count);
    }

    [Fact]
    public async Task PostAsync_NoRoom_WaitsUntilThereIs()
    {
        var (table, writer) = await StartAsync(options: new InstancesTableOptions { MaxPending = 3, WriteDelay = TimeSpan.FromMilliseconds(1) });
        await using var _ = writer;
        for (var i = 0; i < 30; i++) await PostAsync(writer, Row($"i{i}"));
        await FlushAsync(writer);
        Assert.Equal(30, (await table.QueryAsync<TableEntity>().ToListAsync()).Count);
    }

    [Fact]
    public async Task RebuildAsync_AfterAWriterDiedWithRowsWaiting_MakesTheTableRight()
    {
        var (table, dying) = await StartAsync(options: new InstancesTableOptions { WriteDelay = TimeSpan.FromMinutes(5) });
        await PostAsync(dying, Row("purged/since"));
        await PostAsync(dying, Row("kept"));
        await PostAsync(dying, Row("right"));
        await FlushAsync(dying);
        await PostAsync(dying, Row("kept") with { RuntimeStatus = "Completed" });
        await PostAsync(dying, Row("new"));
        await dying.DisposeAsync();

        var (_, writer) = await StartAsync();
        await using var _1 = writer;
        List<string> read = [];
        await writer.RebuildAsync(Stamps(writer), Read, CancellationToken.None).WaitAsync(Patience);
        await FlushAsync(writer);
        var rows = await table.QueryAsync<TableEntity>().ToDictionaryAsync(row => row.PartitionKey, row => row.GetString("RuntimeStatus"));
        Assert.Equal(["born meanwhile", "kept", "new", "right"], rows.Keys.Order());
        Assert.Equal("Completed", rows["kept"]);
        Assert.Equal("Terminated", rows["new"]);
        Assert.Equal(["kept", "new"], read);

        async ValueTask<InstanceRow?> Read(InstanceStamp stamp, CancellationToken token)
        {
            read.Add(stamp.InstanceId);
            // Before this row is posted, a newer one is.
            if (stamp.InstanceId == "new") await PostAsync(writer, Row("new") with { RuntimeStatus = "Terminated" });
            return Row(stamp.InstanceId) with { RuntimeStatus = stamp.RuntimeStatus };
        }
    }

    [Fact]
    public async Task PostAsync_YoungInstanceWhoseRowIsThere_ReplacesIt()
    {
        var (table, writer) = await StartAsync();
        await using var _ = writer;
        var young = Row("a") with { CreatedTime = DateTimeOffset.UtcNow.AddHours(1) };
        await PostAsync(writer, young with { Output = "\"first\"" });
        await FlushAsync(writer);
        await PostAsync(writer, young with { CustomStatus = "2" });
        await FlushAsync(writer);
        var entity = (await table.GetEntityAsync<TableEntity>("a", "")).Value;
        Assert.Equal("2", entity.GetString("CustomStatus"));
        Assert.Null(entity.GetString("Output"));
    }

    private static async IAsyncEnumerable<InstanceStamp> Stamps(InstancesTableWriter writer)
    {
        await Task.Yield();
        yield return new InstanceStamp("kept", "execution", "Completed", Created.AddMinutes(1));
        yield return new InstanceStamp("new", "execution", "Running", Created.AddMinutes(1));
        yield return new InstanceStamp("right", "execution", "Running", Created.AddMinutes(1));
        await PostAsync(writer, Row("born meanwhile"));
    }

    private static InstanceRow Row(string id) => new()
    {
        InstanceId = id, ExecutionId = "execution", Name = "TicketOrchestrator", RuntimeStatus = "Running", CreatedTime = Created,
        LastUpdatedTime = Created.AddMinutes(1),
    };

    private static Task PostAsync(InstancesTableWriter writer, InstanceRow row) =>
        writer.PostAsync(row, CancellationToken.None).AsTask().WaitAsync(Patience);

    private static Task FlushAsync(InstancesTableWriter writer) => writer.FlushAsync(CancellationToken.None).WaitAsync(Patience);

    private async Task<(TableClient Table, InstancesTableWriter Writer)> StartAsync(
        CountingPolicy? policy = null, InstancesTableOptions? options = null)
    {
        var client = new TableClientOptions { Retry = { MaxRetries = 0 } };
        if (policy is not null) client.AddPolicy(policy, HttpPipelinePosition.PerRetry);
        var tables = new TableServiceClient(await SharedAzurite.ConnectionStringAsync(), client);
        var writer = new InstancesTableWriter(tables, _hub, options ?? new InstancesTableOptions(), NullLogger<InstancesTableWriter>.Instance);
        return (tables.GetTableClient(InstancesTableWriter.TableName(_hub)), writer);
    }

    /// <summary>Counts writes of rows that reach the storage; lets the first few fail.</summary>
    private sealed class CountingPolicy : HttpPipelinePolicy
    {
        private int _puts;
        private int _failures;

        public int Failures { init => _failures = value; }

        public int Puts => _puts;

        public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => ProcessNext(message, pipeline);

        public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
        {
            if (Interlocked.Decrement(ref _failures) >= 0) throw new HttpRequestException("injected");
            await ProcessNextAsync(message, pipeline);
            if (message.Request.Method == RequestMethod.Put && message.Response.Status < 300) Interlocked.Increment(ref _puts);
        }
    }
}
