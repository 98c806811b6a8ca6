using AgentSquad.EmbeddedHost.Orchestration;
using AgentSquad.EmbeddedHost.Orchestration.Hub;
using AgentSquad.EmbeddedHost.TaskHub;
using AgentSquad.EmbeddedHost.TaskHub.ReadModel;
using AgentSquad.EmbeddedHost.TaskHub.Storage;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentSquad.Bench.Engine;

/// <summary>An engine on a hub of its own, with its table of instances.</summary>
internal sealed class BenchHub : IAsyncDisposable
{
    private readonly TaskHubStores _stores;
    private readonly InstancesTableReadModel _readModel;

    private BenchHub(TaskHubStores stores, InstancesTableWriter table, IDurableFunctionInvoker functions)
    {
        _stores = stores;
        Table = table;
        _readModel = new InstancesTableReadModel(table);
        var options = new TaskHubEngineOptions { PassivateAfter = TimeSpan.FromSeconds(1) };
        Engine = new TaskHubEngine(stores.Log, stores.Payloads, functions, options, NullLoggerFactory.Instance, _readModel);
        Client = Engine.CreateClient("bench");
    }

    public InstancesTableWriter Table { get; }

    public TaskHubEngine Engine { get; }

    public DurableTaskClient Client { get; }

    public static async Task<BenchHub> StartAsync(
        StorageAccount account, string name, IDurableFunctionInvoker functions, CancellationToken cancellation)
    {
        var stores = new TaskHubStores(account, name, null, NullLoggerFactory.Instance);
        var table = stores.CreateInstancesTable();
        await table.CreateTableAsync(cancellation);
        var hub = new BenchHub(stores, table, functions);
        await hub.Engine.StartAsync(cancellation);
        return hub;
    }

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        await _readModel.DisposeAsync();
        _stores.Dispose();
    }
}
