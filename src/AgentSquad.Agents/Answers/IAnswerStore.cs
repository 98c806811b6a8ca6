namespace AgentSquad.Agents.Answers;

/// <summary>Keeps what was paid for, under the step's deterministic key, so that a repeated step finds it.</summary>
public interface IAnswerStore
{
    /// <summary>What is stored under a key; null when nothing is.</summary>
    /// <param name="instanceId">Instance id of the run.</param>
    /// <param name="key">The key within the run.</param>
    /// <param name="cancellationToken">Cancels.</param>
    Task<T?> FindAsync<T>(string instanceId, string key, CancellationToken cancellationToken)
        where T : class;

    /// <summary>Stores a value.</summary>
    /// <param name="instanceId">Instance id of the run.</param>
    /// <param name="key">The key within the run.</param>
    /// <param name="value">A value that can be written as JSON.</param>
    /// <param name="cancellationToken">Cancels.</param>
    Task SaveAsync<T>(string instanceId, string key, T value, CancellationToken cancellationToken)
        where T : class;
}
