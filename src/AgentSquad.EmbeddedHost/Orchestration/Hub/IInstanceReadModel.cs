namespace AgentSquad.EmbeddedHost.Orchestration.Hub;

/// <summary>Is told of instances as they change, after each change is durable. Never the truth of a live instance.</summary>
internal interface IInstanceReadModel
{
    /// <summary>The newest state of an instance. Returns at once; an earlier state that was not yet written may be skipped.</summary>
    void Publish(InstanceSnapshot row);

    /// <summary>The instance was deleted.</summary>
    void Remove(string instanceId);

    /// <summary>Returns when everything that was told before is written.</summary>
    Task FlushAsync(CancellationToken cancellationToken);
}
