namespace AgentSquad.Functions.Intake;

/// <summary>The inboxes of all runs: where duplicates end, and what makes sure that no event is lost between the queue and a run.</summary>
internal interface IInbox
{
    /// <summary>Adds an event unless the inbox has it.</summary>
    /// <returns>How far the event had come before this call.</returns>
    Task<InboxProgress> AddAsync(string instanceId, InboxEvent entry, CancellationToken cancellationToken);

    /// <summary>How far an event has come.</summary>
    Task<InboxProgress> ProgressAsync(string instanceId, string deliveryId, CancellationToken cancellationToken);

    /// <summary>Notes that a run was started for the event or told about it.</summary>
    Task HandledAsync(string instanceId, string deliveryId, CancellationToken cancellationToken);

    /// <summary>
    /// Whether the caller has to wake the run: one event does until the run reads its inbox. An event that claimed it before a crash still has
    /// the claim when it is processed again; a claim that the run has not answered for half a minute passes to the next event.
    /// </summary>
    Task<bool> ClaimWakeAsync(string instanceId, string deliveryId, CancellationToken cancellationToken);

    /// <summary>Whether the instance's run has read its inbox for the last time, so that a new run is needed for a new event.</summary>
    Task<bool> IsClosedAsync(string instanceId, CancellationToken cancellationToken);

    /// <summary>
    /// Opens the inbox for a run; the event that started it counts as handled and read, and so does what is older and starts nothing: it was
    /// meant for a run that has ended.
    /// </summary>
    /// <returns>False when the run has ended before: its start was repeated.</returns>
    Task<bool> OpenAsync(string instanceId, string runId, CancellationToken cancellationToken);

    /// <summary>Acknowledges events and reads on, oldest first.</summary>
    /// <param name="instanceId">The run's instance.</param>
    /// <param name="acknowledged">Delivery ids that an earlier call returned and the run has acted on.</param>
    /// <param name="limit">Most events to return.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<IReadOnlyList<InboxEvent>> ReadAsync(
        string instanceId, IReadOnlyList<string> acknowledged, int limit, CancellationToken cancellationToken);

    /// <summary>Closes the inbox at the end of a run and returns an event that should start the next one, if there is any.</summary>
    /// <param name="instanceId">The run's instance.</param>
    /// <param name="runId">The delivery that began the run.</param>
    /// <param name="starts">Tells whether an event that the run has not read starts the next one.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<InboxEvent?> CloseAsync(string instanceId, string runId, Func<InboxEvent, bool> starts, CancellationToken cancellationToken);

    /// <summary>Deletes rows of events that were handled before a time.</summary>
    /// <returns>How many were deleted.</returns>
    Task<int> PurgeAsync(DateTimeOffset before, CancellationToken cancellationToken);
}

/// <summary>How far an event has come.</summary>
internal enum InboxProgress
{
    /// <summary>The inbox did not have it.</summary>
    New,

    /// <summary>It is in the inbox, but whoever put it there has not finished: it may be at work still, or have died.</summary>
    Pending,

    /// <summary>A run was started for it or told about it.</summary>
    Handled,
}
