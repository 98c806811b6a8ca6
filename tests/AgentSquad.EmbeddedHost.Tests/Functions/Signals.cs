using System.Collections.Concurrent;

namespace AgentSquad.EmbeddedHost.Tests.Functions;

/// <summary>What a test's functions tell the test; one for each app, in its container.</summary>
internal sealed class Signals
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _signals = new();

    /// <summary>Everything that was noted, in order.</summary>
    public ConcurrentQueue<string> Notes { get; } = new();

    public void Set(string name) => Of(name).TrySetResult();

    public Task WaitAsync(string name) => Of(name).Task.WaitAsync(RunningApp.Patience);

    public bool IsSet(string name) => Of(name).Task.IsCompleted;

    private TaskCompletionSource Of(string name)
        => _signals.GetOrAdd(name, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
