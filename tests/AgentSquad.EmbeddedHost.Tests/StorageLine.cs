using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using AgentSquad.TestSupport;

namespace AgentSquad.EmbeddedHost.Tests;

/// <summary>
/// A test's own way to the shared Azurite, on ports of its own, that the test opens, cuts and freezes: a storage that is away, for a test that
/// need not start and stop one.
/// </summary>
internal sealed class StorageLine : IAsyncDisposable
{
    private readonly AzuriteProcess _azurite;
    private readonly Socket[] _listeners = [Bound(), Bound(), Bound()];
    private readonly ConcurrentDictionary<Socket, bool> _open = new();
    private volatile TaskCompletionSource _flows = Flowing();
    private volatile bool _isCut;

    private StorageLine(AzuriteProcess azurite) => _azurite = azurite;

    /// <summary>The storage at the other end, over this line.</summary>
    public string ConnectionString => _azurite.ConnectionString
        .Replace($":{_azurite.BlobEndpoint.Port}/", $":{Port(0)}/", StringComparison.Ordinal)
        .Replace($":{_azurite.QueueEndpoint.Port}/", $":{Port(1)}/", StringComparison.Ordinal)
        .Replace($":{_azurite.TableEndpoint.Port}/", $":{Port(2)}/", StringComparison.Ordinal);

    /// <summary>A line that nobody answers on until <see cref="Open"/>; its ports are taken from the start.</summary>
    public static async Task<StorageLine> CreateAsync() => new(await SharedAzurite.ProcessAsync());

    /// <summary>From here on the storage answers.</summary>
    public void Open()
    {
        int[] targets = [_azurite.BlobEndpoint.Port, _azurite.QueueEndpoint.Port, _azurite.TableEndpoint.Port];
        for (var i = 0; i < targets.Length; i++)
        {
            _listeners[i].Listen();
            _ = AcceptAsync(_listeners[i], targets[i]);
        }
    }

    /// <summary>Every connection breaks, and so does every new one.</summary>
    public void Cut()
    {
        _isCut = true;
        foreach (var socket in _open.Keys) socket.Dispose();
    }

    /// <summary>Ends what <see cref="Cut"/> began.</summary>
    public void Mend() => _isCut = false;

    /// <summary>What is sent arrives only after <see cref="Thaw"/>, also if its sender no longer waits.</summary>
    public void Freeze() => _flows = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends what <see cref="Freeze"/> began.</summary>
    public void Thaw() => _flows.TrySetResult();

    public ValueTask DisposeAsync()
    {
        _isCut = true;
        foreach (var socket in _listeners.Concat(_open.Keys)) socket.Dispose();
        Thaw();
        return ValueTask.CompletedTask;
    }

    // Bound and not listening: the port refuses, and nobody else can have it.
    private static Socket Bound()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private static TaskCompletionSource Flowing()
    {
        var flowing = new TaskCompletionSource();
        flowing.SetResult();
        return flowing;
    }

    private int Port(int service) => ((IPEndPoint)_listeners[service].LocalEndPoint!).Port;

    private async Task AcceptAsync(Socket listener, int target)
    {
        try
        {
            while (true) _ = ServeAsync(await listener.AcceptAsync(), target);
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket client, int target)
    {
        using var caller = client;
        if (_isCut) return;
        using var storage = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.NoDelay = storage.NoDelay = true;
        _open[client] = _open[storage] = true;
        try
        {
            await storage.ConnectAsync(IPAddress.Loopback, target);
            if (_isCut) return;
            await Task.WhenAll(PumpAsync(client, storage), PumpAsync(storage, client));
        }
        catch (Exception end) when (end is SocketException or IOException or ObjectDisposedException)
        {
            // One side has gone; the other goes with it.
        }
        finally
        {
            _open.TryRemove(client, out _);
            _open.TryRemove(storage, out _);
        }
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        await using var reader = new NetworkStream(from);
        await using var writer = new NetworkStream(to);
        var buffer = new byte[64 * 1024];
        while (await reader.ReadAsync(buffer) is > 0 and var count)
        {
            await _flows.Task;
            await writer.WriteAsync(buffer.AsMemory(0, count));
        }

        await _flows.Task;
        to.Shutdown(SocketShutdown.Send);
    }
}
