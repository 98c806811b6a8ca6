using Microsoft.DurableTask;

namespace AgentSquad.EmbeddedHost.Orchestration.Execution;

/// <summary>A durable task that an orchestrator has called and that has not ended.</summary>
internal abstract class PendingTask(string name)
{
    public string Name { get; } = name;

    public abstract void Complete(string? result);

    public abstract void Fail(Exception failure);
}

/// <summary>A durable task with a result.</summary>
internal sealed class PendingTask<T>(string name, DataConverter converter) : PendingTask(name)
{
    // Continuations run inline, on the turn's thread: anything else would leave it to the pool which comes first.
    private readonly TaskCompletionSource<T> _source = new();

    public Task<T> Task => _source.Task;

    public override void Complete(string? result)
    {
        T value;
        try
        {
            value = converter.Deserialize<T>(result)!;
        }
        catch (Exception exception)
        {
            // A result that does not fit the type is the orchestrator's to handle.
            _source.TrySetException(exception);
            return;
        }

        _source.TrySetResult(value);
    }

    public override void Fail(Exception failure) => _source.TrySetException(failure);

    public void Cancel(CancellationToken token) => _source.TrySetCanceled(token);
}
