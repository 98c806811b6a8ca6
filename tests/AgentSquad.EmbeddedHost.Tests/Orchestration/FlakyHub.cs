using AgentSquad.EmbeddedHost.TaskHub;
using Azure;

namespace AgentSquad.EmbeddedHost.Tests.Orchestration;

/// <summary>A hub whose payload store fails, before or after it has done what it was asked.</summary>
internal sealed class FlakyHub(ITestHub inner, bool afterItSucceeded) : ITestHub, IPayloadStore
{
    private int _failNext;

    public int FailNext
    {
        set => _failNext = value;
    }

    public IPayloadStore Payloads => this;

    public ICommitLog Open() => inner.Open();

    public async Task PutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        if (!afterItSucceeded) Fail();
        await inner.Payloads.PutAsync(name, content, cancellationToken);
        if (afterItSucceeded) Fail();
    }

    public Task<ReadOnlyMemory<byte>?> GetAsync(string name, CancellationToken cancellationToken) => inner.Payloads.GetAsync(name, cancellationToken);

    public Task<ReadOnlyMemory<byte>?> GetRangeAsync(string name, long offset, int length, CancellationToken cancellationToken) =>
        inner.Payloads.GetRangeAsync(name, offset, length, cancellationToken);

    public Task DeleteAsync(string name, CancellationToken cancellationToken) => inner.Payloads.DeleteAsync(name, cancellationToken);

    public IAsyncEnumerable<string> ListAsync(string prefix, CancellationToken cancellationToken) => inner.Payloads.ListAsync(prefix, cancellationToken);

    private void Fail()
    {
        if (Interlocked.Decrement(ref _failNext) >= 0) throw new RequestFailedException(503, "Server busy");
    }
}
