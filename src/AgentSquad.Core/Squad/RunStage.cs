namespace AgentSquad.Core.Squad;

/// <summary>Stages of a ticket's run, in the order in which a run goes through them; the last two end it.</summary>
public enum RunStage
{
    /// <summary>The ticket is read and judged.</summary>
    Triage,

    /// <summary>Questions are open on the ticket.</summary>
    Clarify,

    /// <summary>The work is split into tasks.</summary>
    Plan,

    /// <summary>A person decides about the plan.</summary>
    Approve,

    /// <summary>The tasks are done and reviewed.</summary>
    Work,

    /// <summary>Each acceptance criterion is checked.</summary>
    Verify,

    /// <summary>The result goes to the ticket; a run that ends well ends here.</summary>
    Deliver,

    /// <summary>The run ended with a failure.</summary>
    Failed,

    /// <summary>A person ended the run.</summary>
    Stopped,
}
