namespace AgentSquad.EmbeddedHost.TaskHub.ReadModel;

/// <summary>How far the read model may be behind, and how hard it works.</summary>
internal sealed record InstancesTableOptions
{
    /// <summary>A change waits this long for another one of the same instance, so that what is over quickly is written once.</summary>
    public TimeSpan WriteDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Time between two bursts of writing. In between the storage is the commits' own: a row written whenever it is due would hold up a commit
    /// of every orchestration, a burst holds up a few.
    /// </summary>
    public TimeSpan BurstEvery { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a change waits at most for commits to pause; then it is written beside them.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether the storage is busy with commits, which go first. Default: never.</summary>
    public Func<bool> IsBusy { get; init; } = () => false;

    /// <summary>Requests under way at the same time. Few: they share the storage with the commits, which are in more of a hurry.</summary>
    public int Concurrency { get; init; } = 4;

    /// <summary>Instances that may wait to be written; who posts one more waits for room.</summary>
    public int MaxPending { get; init; } = 50_000;

    /// <summary>Longest wait between two attempts while the storage is away.</summary>
    public TimeSpan LongestRetry { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Clock of delays and of the reported lag.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
