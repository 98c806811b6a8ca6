using AgentSquad.EmbeddedHost.TaskHub;
using AgentSquad.EmbeddedHost.TaskHub.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentSquad.EmbeddedHost.Tests.Orchestration;

/// <summary>A hub of one test's own on the real Azurite.</summary>
internal sealed class AzuriteHub : ITestHub
{
    private readonly StorageAccount _account;
    private readonly string _name = SharedAzurite.NewHubName();
    private CrashableLog? _current;

    private AzuriteHub(StorageAccount account)
    {
        _account = account;
        Payloads = new TaskHubStores(account, _name, null, NullLoggerFactory.Instance).Payloads;
    }

    public IPayloadStore Payloads { get; }

    public static async Task<AzuriteHub> CreateAsync() => new(StorageAccount.FromConnectionString(await SharedAzurite.ConnectionStringAsync()));

    public ICommitLog Open()
    {
        _current?.Crash();
        var options = new CommitLogOptions { StandbyPoll = TimeSpan.FromMilliseconds(50), Owner = OwnerIdentity.Current() };
        var stores = new TaskHubStores(_account, _name, options, NullLoggerFactory.Instance);
        return _current = new CrashableLog(stores.Log, options.Owner);
    }
}
