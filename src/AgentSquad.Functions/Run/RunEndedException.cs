using AgentSquad.Core.Squad;

namespace AgentSquad.Functions.Run;

/// <summary>Ends a run from wherever it is: the way out of a stage that does not lead to the next one.</summary>
internal sealed class RunEndedException : Exception
{
    public RunEndedException() { }

    public RunEndedException(string message) : base(message) { }

    public RunEndedException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary><see cref="RunStage.Failed"/> or <see cref="RunStage.Stopped"/>.</summary>
    public RunStage Stage { get; private init; } = RunStage.Failed;

    /// <summary>What a person can do; null for the usual advice.</summary>
    public string? WhatToDo { get; private init; }

    /// <summary>Whether nothing is to be said on the ticket: it is gone, or the squad was never asked to work on it.</summary>
    public bool IsSilent { get; private init; }

    /// <summary>Whether a comment has to tell people what they can do; a failure always does.</summary>
    public bool NeedsPerson { get; private init; }

    /// <summary>Nobody answered.</summary>
    public static RunEndedException GaveUp(string why, string? whatToDo) =>
        new(why) { Stage = RunStage.Stopped, WhatToDo = whatToDo, NeedsPerson = true };

    /// <summary>The run was stopped, by a person or because there is nothing to do.</summary>
    public static RunEndedException Stopped(string why) => new(why) { Stage = RunStage.Stopped };

    /// <summary>The run cannot go on.</summary>
    public static RunEndedException Failed(string what, string? whatToDo = null) => new(what) { WhatToDo = whatToDo };

    /// <summary>The ticket is gone.</summary>
    public static RunEndedException TicketGone(string why) => new(why) { Stage = RunStage.Stopped, IsSilent = true };

    /// <summary>The policy does not admit the ticket, so the squad stays silent.</summary>
    public static RunEndedException NotAdmitted(string why) => new(why) { Stage = RunStage.Stopped, IsSilent = true };
}
