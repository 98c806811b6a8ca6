using Microsoft.DurableTask;

namespace AgentSquad.Functions.Run;

/// <summary>An activity failed in a way that may pass by itself: no answer, too many requests, an outage.</summary>
internal sealed class TransientStepException : Exception
{
    public TransientStepException() { }

    public TransientStepException(string message) : base(message) { }

    public TransientStepException(string message, Exception innerException) : base(message, innerException) { }
}

/// <summary>An activity failed in a way that only a person can change: a wrong token, a missing right, an agent that cannot answer.</summary>
internal sealed class PermanentStepException : Exception
{
    public PermanentStepException() { }

    public PermanentStepException(string message) : base(message) { }

    public PermanentStepException(string message, Exception innerException) : base(message, innerException) { }
}

/// <summary>A budget does not allow an activity; once a person has extended it, the same activity can be done.</summary>
internal sealed class BudgetStepException : Exception
{
    public BudgetStepException() { }

    public BudgetStepException(string message) : base(message) { }

    public BudgetStepException(string message, Exception innerException) : base(message, innerException) { }
}

/// <summary>The ticket does not exist any more, or the account cannot see it any more.</summary>
internal sealed class TicketGoneException : Exception
{
    public TicketGoneException() { }

    public TicketGoneException(string message) : base(message) { }

    public TicketGoneException(string message, Exception innerException) : base(message, innerException) { }
}

/// <summary>How a step failed, read from what an orchestration gets to see of it.</summary>
internal enum StepFailure
{
    /// <summary>Something that nobody foresaw.</summary>
    Unexpected,

    /// <summary>See <see cref="TransientStepException"/>.</summary>
    Transient,

    /// <summary>See <see cref="PermanentStepException"/>.</summary>
    Permanent,

    /// <summary>See <see cref="BudgetStepException"/>.</summary>
    Budget,

    /// <summary>See <see cref="TicketGoneException"/>.</summary>
    TicketGone,
}

/// <summary>Reads failures.</summary>
internal static class StepFailures
{
    /// <summary>The kind of a failure. By name and not by type: hosts differ in whether they hand over the full name.</summary>
    public static StepFailure KindOf(TaskFailureDetails? details)
    {
        for (var failure = details; failure is not null; failure = failure.InnerFailure)
        {
            if (Is(failure, nameof(TransientStepException))) return StepFailure.Transient;
            if (Is(failure, nameof(PermanentStepException))) return StepFailure.Permanent;
            if (Is(failure, nameof(BudgetStepException))) return StepFailure.Budget;
            if (Is(failure, nameof(TicketGoneException))) return StepFailure.TicketGone;
        }

        return StepFailure.Unexpected;
    }

    /// <summary>What to tell people about a failure. The messages of foreseen failures are written for them, others are not.</summary>
    public static string MessageOf(TaskFailedException exception) => KindOf(exception.FailureDetails) == StepFailure.Unexpected
        ? $"The step {exception.TaskName} failed in a way that was not foreseen. The log of the function app has more."
        : Innermost(exception.FailureDetails).ErrorMessage;

    private static TaskFailureDetails Innermost(TaskFailureDetails details)
    {
        while (details.InnerFailure is { } inner && KindOf(inner) != StepFailure.Unexpected) details = inner;
        return details;
    }

    private static bool Is(TaskFailureDetails details, string name) => details.ErrorType.EndsWith(name, StringComparison.Ordinal);
}
