using System.Text;
using AgentSquad.EmbeddedHost.TaskHub;
using AgentSquad.EmbeddedHost.TaskHub.Storage;

namespace AgentSquad.EmbeddedHost.Tests.TaskHub;

public sealed class OwnerTests
{
    [Fact]
    public void IsProvablyDead_LivingOwnerOfThisProcess_IsNot()
    {
        var owner = OwnerIdentity.Current();
        owner.Alive();
        Assert.False(owner.IsProvablyDead());
        owner.Gone();
        Assert.True(owner.IsProvablyDead());
    }

    [Fact]
    public void IsProvablyDead_NoSuchProcess_Is() => Assert.True((OwnerIdentity.Current() with { ProcessId = int.MaxValue }).IsProvablyDead());

    [Fact]
    public void IsProvablyDead_ProcessIdWasGivenToAnother_Is() =>
        Assert.True((OwnerIdentity.Current() with { ProcessStart = "1" }).IsProvablyDead());

    [Fact]
    public void IsProvablyDead_OtherMachine_IsNot() =>
        Assert.False((OwnerIdentity.Current() with { Machine = "elsewhere", ProcessId = int.MaxValue }).IsProvablyDead());

    [Fact]
    public void FromMetadata_OfToMetadata_IsTheSame()
    {
        var owner = OwnerIdentity.Current();
        Assert.Equal(owner, OwnerIdentity.FromMetadata(owner.ToMetadata()));
        Assert.Null(OwnerIdentity.FromMetadata(new Dictionary<string, string>()));
    }

    [Fact]
    public async Task ClaimHubAsync_OwnOrFree_Passes()
    {
        var (marker, name) = await NewAsync();
        await marker.ClaimHubAsync(name, CancellationToken.None);
        await marker.ClaimHubAsync(name, CancellationToken.None);
        await marker.ClaimQueueAsync(name, CancellationToken.None);
    }

    [Fact]
    public async Task ClaimQueueAsync_OtherKindOfHost_IsRefusedWithTheWayOut()
    {
        var (marker, name) = await NewAsync();
        await marker.ClaimAsync("queue", name, $"queue/{name.ToLowerInvariant()}", "AzureFunctions", CancellationToken.None);
        var refusal = await Assert.ThrowsAsync<ForeignOwnerException>(() => marker.ClaimQueueAsync(name, CancellationToken.None));
        Assert.Contains("AzureFunctions", refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"queue/{name.ToLowerInvariant()}", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"host":"EmbeddedHost","format":99}""", "format 99")]
    [InlineData("not json", "no owner marker")]
    public async Task ClaimHubAsync_MarkerItCannotLiveWith_IsRefused(string content, string reason)
    {
        var (marker, name) = await NewAsync();
        var blobs = new AzureBlobStorage(await AccountAsync(), OwnerMarker.Container);
        await blobs.EnsureContainerAsync(CancellationToken.None);
        await blobs.PutAsync($"hub/{name.ToLowerInvariant()}", Encoding.UTF8.GetBytes(content), onlyIfAbsent: true, CancellationToken.None);
        var refusal = await Assert.ThrowsAsync<ForeignOwnerException>(() => marker.ClaimHubAsync(name, CancellationToken.None));
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PayloadStore_PutGetDelete_RoundTrips()
    {
        var store = new BlobPayloadStore(new AzureBlobStorage(await AccountAsync(), $"{SharedAzurite.NewHubName().ToLowerInvariant()}-payloads"));
        Assert.Null(await store.GetAsync("a/1", CancellationToken.None));
        var content = new byte[300_000];
        new Random(1).NextBytes(content);
        await store.PutAsync("a/1", content, CancellationToken.None);
        await store.PutAsync("a/1", content, CancellationToken.None);
        await store.PutAsync("b/1", content, CancellationToken.None);
        Assert.Equal(content, (await store.GetAsync("a/1", CancellationToken.None))!.Value.ToArray());
        Assert.Equal(["a/1"], await store.ListAsync("a/", CancellationToken.None).ToListAsync());
        await store.DeleteAsync("a/1", CancellationToken.None);
        await store.DeleteAsync("a/1", CancellationToken.None);
        Assert.Null(await store.GetAsync("a/1", CancellationToken.None));
    }

    private static async Task<StorageAccount> AccountAsync() => StorageAccount.FromConnectionString(await SharedAzurite.ConnectionStringAsync());

    private static async Task<(OwnerMarker Marker, string Name)> NewAsync() =>
        (OwnerMarker.On(await AccountAsync()), SharedAzurite.NewHubName());
}
