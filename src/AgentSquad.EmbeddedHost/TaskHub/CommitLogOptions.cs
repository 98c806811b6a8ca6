namespace AgentSquad.EmbeddedHost.TaskHub;

/// <summary>Sizes and times of the commit log. The defaults fit Azure Storage and Azurite; tests use tiny ones.</summary>
internal sealed record CommitLogOptions
{
    /// <summary>Most bytes in one append; the service takes 4 MiB. A record, with its frame of 24 bytes, has to fit.</summary>
    public int MaxAppendBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>A segment is followed by the next one when it has taken this many appends. The service takes 50,000.</summary>
    public int MaxSegmentBlocks { get; init; } = 20_000;

    /// <summary>A segment is followed by the next one before it grows beyond this many bytes.</summary>
    public long MaxSegmentBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>A checkpoint starts a new segment if the current one holds more than this, so that what it stands for can be dropped.</summary>
    public long CheckpointRollOverBytes { get; init; } = 1024 * 1024;

    /// <summary>Length of the lease on the current segment; the service takes 15 to 60 seconds.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Time between two renewals of the lease.</summary>
    public TimeSpan RenewEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a standby looks whether the hub is free.</summary>
    public TimeSpan StandbyPoll { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Time after which a storage request counts as unanswered.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long appends wait for storage that is away before ownership is given up.</summary>
    public TimeSpan OutageLimit { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Who this owner is, for a successor that wants to know whether it still lives.</summary>
    public OwnerIdentity Owner { get; init; } = OwnerIdentity.Current();

    /// <summary>Clock of renewals, polls and time-outs.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
