namespace Microsoft.Azure.Functions.Worker;

/// <summary>Where to manage an orchestration instance over HTTP; each URL carries the key it needs.</summary>
public class HttpManagementPayload
{
    /// <summary>The instance's id.</summary>
    public string? Id { get; internal set; }

    /// <summary>DELETE: purges the instance's history.</summary>
    public string? PurgeHistoryDeleteUri { get; internal set; }

    /// <summary>POST: starts the orchestration again with the same input.</summary>
    public string? RestartPostUri { get; internal set; }

    /// <summary>POST: resumes.</summary>
    public string? ResumePostUri { get; internal set; }

    /// <summary>POST: takes the failed instance back to before its failure; replace <c>{text}</c>.</summary>
    public string? RewindPostUri { get; internal set; }

    /// <summary>POST: raises an event; replace <c>{eventName}</c>.</summary>
    public string? SendEventPostUri { get; internal set; }

    /// <summary>GET: status.</summary>
    public string? StatusQueryGetUri { get; internal set; }

    /// <summary>POST: suspends; replace <c>{text}</c>.</summary>
    public string? SuspendPostUri { get; internal set; }

    /// <summary>POST: terminates; replace <c>{text}</c>.</summary>
    public string? TerminatePostUri { get; internal set; }
}
