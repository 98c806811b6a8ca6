using AgentSquad.EmbeddedHost.Functions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentSquad.EmbeddedHost.Tests.Functions;

/// <summary>When memory is given back: after a burst, once it is over.</summary>
public sealed class IdleMemoryTests : IDisposable
{
    private const int Mebibyte = 1024 * 1024;
    private const int FiveMinutes = 60;

    private readonly IdleMemory _memory;
    private long _allocated;
    private long _least = 100 * Mebibyte;
    private long _held = 100 * Mebibyte;
    private int _returns;

    public IdleMemoryTests() => _memory = new IdleMemory(
        () => new IdleMemory.Usage(_allocated, _held),
        () =>
        {
            _returns++;
            _held = _least;
        },
        NullLoggerFactory.Instance);

    [Fact]
    public void Look_BurstIsOver_GivesBackAndOnceMoreForPools()
    {
        Work(200, held: 150);
        Work(1);
        Assert.Equal(0, _returns);
        Work(1);
        Assert.Equal(1, _returns);
        for (var i = 0; i < 12; i++) Work(1);
        Assert.Equal(1, _returns);
        for (var i = 0; i < 50; i++) Work(1);
        Assert.Equal(2, _returns);
    }

    [Fact]
    public void Look_WorkGoesOn_LeavesTheCollectorAlone()
    {
        for (var i = 0; i < 100; i++) Work(i % 2 == 0 ? 50 : 0, held: i % 2 == 0 ? 5 : 0);
        Assert.Equal(0, _returns);
    }

    [Fact]
    public void Look_MuchAllocatedAndNothingHeld_LeavesTheCollectorAlone()
    {
        Settle();
        for (var i = 0; i < 500; i++) Work(3);
        Assert.Equal(2, _returns);
    }

    [Fact]
    public void Look_AnotherBurst_GivesBackAgain()
    {
        Settle();
        Work(200, held: 20);
        Settle();
        Assert.Equal(2, _returns);
        Work(200, held: 20);
        Settle();
        Assert.Equal(4, _returns);
    }

    [Fact]
    public void Look_SteadyTrickle_GivesBackOnceInFiveMinutesAndOnceMoreForPools()
    {
        Settle();
        var before = _returns;
        for (var i = 0; i < 10 * FiveMinutes; i++) Work(3, held: 3);
        Assert.InRange(_returns - before, 10, 20);
    }

    [Fact]
    public void Look_WhatWasHeldIsGoneAndAnotherBurstCame_GivesThatBackToo()
    {
        _least = 500 * Mebibyte;
        Work(700, held: 500);
        Settle();
        var before = _returns;

        // What lived then has ended, and the collector came by itself.
        _least = 100 * Mebibyte;
        _held = _least;
        Work(1);
        Work(200, held: 150);
        Settle();

        Assert.Equal(2, _returns - before);
        Assert.Equal(_least, _held);
    }

    public void Dispose() => _memory.Dispose();

    // The start itself is a burst; then nothing for as long as it takes to be given back again.
    private void Settle()
    {
        for (var i = 0; i < FiveMinutes + 20; i++) Work(1);
    }

    private void Work(int mebibytes, int held = 0)
    {
        _allocated += mebibytes * (long)Mebibyte;
        _held += held * (long)Mebibyte;
        _memory.Look();
    }
}
