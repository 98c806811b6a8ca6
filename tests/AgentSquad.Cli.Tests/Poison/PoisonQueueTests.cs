using System.Text;
using AgentSquad.Cli.Poison;
using AgentSquad.TestSupport;
using Azure.Storage.Queues;

namespace AgentSquad.Cli.Tests.Poison;

public sealed class PoisonQueueTests : IAsyncLifetime
{
    private AzuriteProcess? _azurite;

    public async Task InitializeAsync() => _azurite = await AzuriteProcess.StartAsync();

    public async Task DisposeAsync() => await _azurite!.DisposeAsync();

    [Fact]
    public async Task Redrive_OneThenAll_MovesThemUnchanged()
    {
        var poison = await CreateQueueAsync("jira-events-poison");
        var intake = await CreateQueueAsync("jira-events");
        string[] bodies = ["""{"n":1}""", """{"n":2}""", """{"n":3}"""];
        foreach (var body in bodies) await poison.SendMessageAsync(Convert.ToBase64String(Encoding.UTF8.GetBytes(body)));
        var queue = new PoisonQueue(_azurite!.ConnectionString);

        var listed = await queue.PeekAsync(default);
        Assert.Equal(bodies, listed.Select(m => m.Text));
        Assert.Equal(3, await queue.CountAsync(default));

        Assert.Equal(0, await queue.RedriveAsync("unknown", default));
        Assert.Equal(1, await queue.RedriveAsync(listed[1].Id, default));
        Assert.Equal([bodies[0], bodies[2]], (await queue.PeekAsync(default)).Select(m => m.Text).Order());

        Assert.Equal(2, await queue.RedriveAsync(id: null, default));
        Assert.Empty(await queue.PeekAsync(default));
        var back = await intake.PeekMessagesAsync(32);
        Assert.Equal(bodies, back.Value.Select(m => Encoding.UTF8.GetString(Convert.FromBase64String(m.MessageText))).Order());
    }

    [Fact]
    public async Task AllCalls_NoQueueYet_FindNothing()
    {
        var queue = new PoisonQueue(_azurite!.ConnectionString);

        Assert.Empty(await queue.PeekAsync(default));
        Assert.Equal(0, await queue.CountAsync(default));
        Assert.Equal(0, await queue.RedriveAsync(id: null, default));
    }

    private async Task<QueueClient> CreateQueueAsync(string name)
    {
        var queue = new QueueClient(_azurite!.ConnectionString, name);
        await queue.CreateAsync();
        return queue;
    }
}
