using AgentSquad.Functions.Storage;
using AgentSquad.TestSupport;
using Microsoft.Extensions.Configuration;

namespace AgentSquad.Functions.Tests.Support;

/// <summary>One Azurite for the tests that need storage.</summary>
public sealed class StorageFixture : IAsyncLifetime
{
    private AzuriteProcess? _azurite;

    public string ConnectionString => _azurite?.ConnectionString ?? throw new InvalidOperationException("Azurite has not started.");

    public async Task InitializeAsync() => _azurite = await AzuriteProcess.StartAsync();

    public async Task DisposeAsync()
    {
        if (_azurite is not null) await _azurite.DisposeAsync();
    }

    /// <summary>An account whose names no other test uses.</summary>
    internal StorageAccount NewAccount() => Account(ConnectionString, $"t{Guid.NewGuid():N}"[..16]);

    /// <summary>An account at a port that nothing listens on.</summary>
    internal static StorageAccount DownAccount() => Account(
        "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=bm8gc2VjcmV0;BlobEndpoint=http://127.0.0.1:1/devstoreaccount1;"
        + "QueueEndpoint=http://127.0.0.1:1/devstoreaccount1;TableEndpoint=http://127.0.0.1:1/devstoreaccount1;");

    private static StorageAccount Account(string connectionString, string prefix = "") => new(
        new ConfigurationBuilder().AddInMemoryCollection([new("AzureWebJobsStorage", connectionString)]).Build(), prefix);
}

[CollectionDefinition(Name)]
public sealed class StorageTests : ICollectionFixture<StorageFixture>
{
    public const string Name = "Storage";
}
