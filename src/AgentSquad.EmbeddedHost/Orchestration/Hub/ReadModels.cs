namespace AgentSquad.EmbeddedHost.Orchestration.Hub;

/// <summary>Several read models as one.</summary>
internal sealed class ReadModels(IReadOnlyList<IInstanceReadModel> models) : IInstanceReadModel
{
    public void Publish(InstanceSnapshot row)
    {
        foreach (var model in models) model.Publish(row);
    }

    public void Remove(string instanceId)
    {
        foreach (var model in models) model.Remove(instanceId);
    }

    public Task FlushAsync(CancellationToken cancellationToken) => Task.WhenAll(models.Select(model => model.FlushAsync(cancellationToken)));
}
