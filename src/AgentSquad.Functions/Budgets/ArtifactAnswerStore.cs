using AgentSquad.Agents.Answers;
using AgentSquad.Functions.Storage;

namespace AgentSquad.Functions.Budgets;

/// <summary>Keeps answers of models and results of tools among the run's artifacts, below the step that they belong to.</summary>
internal sealed class ArtifactAnswerStore(ArtifactStore artifacts) : IAnswerStore
{
    /// <inheritdoc />
    public Task<T?> FindAsync<T>(string instanceId, string key, CancellationToken cancellationToken)
        where T : class => artifacts.FindAsync<T>(instanceId, key, cancellationToken);

    /// <inheritdoc />
    public Task SaveAsync<T>(string instanceId, string key, T value, CancellationToken cancellationToken)
        where T : class => artifacts.SaveAsync(instanceId, key, value, cancellationToken);
}
