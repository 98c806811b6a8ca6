using System.Collections.Concurrent;
using AgentSquad.Functions.Tests.Support;
using AgentSquad.Functions.Webhook;

namespace AgentSquad.Functions.Tests.Webhook;

/// <summary>Which events travel together, and that each is acknowledged for its own message alone.</summary>
public sealed class EventPackerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<IReadOnlyList<EventMessage>> _sent = new();
    private readonly SemaphoreSlim _begun = new(0);
    private readonly SemaphoreSlim _mayEnd = new(0);

    [Fact]
    public async Task Send_Alone_IsAMessageOfOne()
    {
        var packer = Packer();

        var send = packer.SendAsync(Event("1").Write(), default);
        await EndAsync();
        await send.WaitAsync(Patience);

        Assert.Equal("1", Assert.Single(Assert.Single(_sent)).Identifier);
    }

    [Fact]
    public async Task Send_WhileAMessageIsOnItsWay_TravelsTogetherWithTheOthersInTheNext()
    {
        var packer = Packer();
        EventMessage[] events = [.. Enumerable.Range(1, 5).Select(each => Event($"{each}"))];

        var first = packer.SendAsync(events[0].Write(), default);
        Assert.True(await _begun.WaitAsync(Patience));
        var others = Task.WhenAll(events[1..].Select(each => packer.SendAsync(each.Write(), default)));
        _mayEnd.Release();
        await first.WaitAsync(Patience);
        Assert.True(await _begun.WaitAsync(Patience));
        Assert.False(others.IsCompleted);
        _mayEnd.Release();
        await others.WaitAsync(Patience);

        Assert.Equal([1, 4], _sent.Select(message => message.Count));
        Assert.Equal(events.Select(each => each.Body.ToArray()), _sent.SelectMany(message => message).Select(each => each.Body.ToArray()));
        Assert.Equal(events.Select(each => each.DeliveryId), _sent.SelectMany(message => message).Select(each => each.DeliveryId));
    }

    [Theory]
    [InlineData(1, 10)]
    [InlineData(6, 12)]
    [InlineData(50, 20)]
    public void SpacingAfter_SlowerStorage_LeavesItMoreTimeButKeepsNobodyLong(int took, int spacing) =>
        Assert.Equal(TimeSpan.FromMilliseconds(spacing), EventPacker.SpacingAfter(TimeSpan.FromMilliseconds(took)));

    [Fact]
    public async Task Send_MoreThanAMessageTakes_IsSentInSeveral()
    {
        var packer = Packer();
        _mayEnd.Release(100);

        await Task.WhenAll(Enumerable.Range(0, 30).Select(each => packer.SendAsync(Event($"{each}", padding: 20_000).Write(), default))).WaitAsync(Patience);

        Assert.Equal(30, _sent.SelectMany(message => message).Select(each => each.Identifier).Distinct().Count());
        Assert.All(_sent, message => Assert.InRange(message.Count, 1, 2));
    }

    [Fact]
    public async Task Send_StorageFails_FailsThoseOfTheMessageAndNoLaterOne()
    {
        var packer = Packer();

        var first = packer.SendAsync(Event("fails").Write(), default);
        Assert.True(await _begun.WaitAsync(Patience));
        var second = packer.SendAsync(Event("2").Write(), default);
        _mayEnd.Release();
        await Assert.ThrowsAsync<IOException>(() => first.WaitAsync(Patience));
        await EndAsync();
        await second.WaitAsync(Patience);

        Assert.Equal("2", Assert.Single(Assert.Single(_sent)).Identifier);
    }

    [Fact]
    public async Task Send_GivenUpBeforeItsMessageBegan_IsNotSent()
    {
        var packer = Packer();
        using var giveUp = new CancellationTokenSource();

        var first = packer.SendAsync(Event("1").Write(), default);
        Assert.True(await _begun.WaitAsync(Patience));
        var given = packer.SendAsync(Event("given up").Write(), giveUp.Token);
        var last = packer.SendAsync(Event("3").Write(), default);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        _mayEnd.Release(2);
        await Task.WhenAll(first, last).WaitAsync(Patience);

        Assert.Equal(["1", "3"], _sent.SelectMany(message => message).Select(each => each.Identifier));
    }

    private static EventMessage Event(string identifier, int padding = 0) =>
        new(new string('a', 32), identifier, DateTimeOffset.UtcNow, TestEvents.LabelAdded("1", padding: padding), Blob: null);

    private EventPacker Packer() => new(SendAsync, TimeProvider.System);

    private async Task EndAsync()
    {
        Assert.True(await _begun.WaitAsync(Patience));
        _mayEnd.Release();
    }

    private async Task SendAsync(BinaryData message)
    {
        Assert.InRange(message.ToMemory().Length, 1, EventPacker.Largest);
        _begun.Release();
        Assert.True(await _mayEnd.WaitAsync(Patience));
        var events = EventMessage.ReadAll(message.ToString());
        if (events[0].Identifier == "fails") throw new IOException("Storage is away.");
        _sent.Enqueue(events);
    }
}
