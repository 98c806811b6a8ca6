using AgentSquad.EmbeddedHost.Functions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentSquad.EmbeddedHost.Tests.Functions;

/// <summary>When memory is given back: after a burst, once it is over.</summary>
public sealed class IdleMemoryTests : IDisposable
{
    private const int Mebibyte = 1024 * 1024;

    private readonly IdleMemory _memory;
    private long _allocated;
    private int _returns;

    public IdleMemoryTests() => _memory = new IdleMemory(() => _allocated, () => _returns++, NullLoggerFactory.Instance);

    [Fact]
    public void Look_BurstIsOver_GivesBackOnce()
    {
        Look(200 * Mebibyte);
        Look(Mebibyte);
        Assert.Equal(0, _returns);
        Look(Mebibyte);
        Assert.Equal(1, _returns);
        for (var i = 0; i < 20; i++) Look(Mebibyte);
        Assert.Equal(1, _returns);
    }

    [Fact]
    public void Look_WorkGoesOn_LeavesTheCollectorAlone()
    {
        for (var i = 0; i < 100; i++) Look(i % 2 == 0 ? 50 * Mebibyte : 0);
        Assert.Equal(0, _returns);
    }

    [Fact]
    public void Look_LittleInAll_WaitsUntilItIsWorthIt()
    {
        for (var i = 0; i < 60; i++) Look(Mebibyte);
        Assert.Equal(0, _returns);
        for (var i = 0; i < 10; i++) Look(Mebibyte);
        Assert.Equal(1, _returns);
    }

    public void Dispose() => _memory.Dispose();

    private void Look(int more)
    {
        _allocated += more;
        _memory.Look();
    }
}
