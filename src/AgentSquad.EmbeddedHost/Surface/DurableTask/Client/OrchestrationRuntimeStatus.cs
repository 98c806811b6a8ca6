namespace Microsoft.DurableTask.Client;

/// <summary>Status of an instance.</summary>
public enum OrchestrationRuntimeStatus
{
    /// <summary>Has begun and not ended.</summary>
    Running = 0,

    /// <summary>Ended with a result.</summary>
    Completed = 1,

    /// <summary>Not used.</summary>
    [Obsolete("The ContinuedAsNew status is obsolete and exists only for compatibility reasons.")]
    ContinuedAsNew = 2,

    /// <summary>Ended with an unhandled failure.</summary>
    Failed = 3,

    /// <summary>Not used.</summary>
    [Obsolete("The Canceled status is not currently used and exists only for compatibility reasons.")]
    Canceled = 4,

    /// <summary>Was terminated from outside.</summary>
    Terminated = 5,

    /// <summary>Was scheduled and has not begun.</summary>
    Pending = 6,

    /// <summary>Was suspended from outside.</summary>
    Suspended = 7,
}
