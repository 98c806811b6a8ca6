namespace AgentSquad.Core.Squad;

/// <summary>States of a task during a run.</summary>
public enum TaskState
{
    /// <summary>Not started; waits for its dependencies or for a free place.</summary>
    Pending,

    /// <summary>Being done.</summary>
    InProgress,

    /// <summary>Being reviewed.</summary>
    InReview,

    /// <summary>Waits for a person.</summary>
    Blocked,

    /// <summary>Done and approved.</summary>
    Completed,

    /// <summary>Ended without a usable output.</summary>
    Failed,
}
