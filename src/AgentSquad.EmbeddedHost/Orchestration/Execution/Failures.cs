using AgentSquad.EmbeddedHost.Orchestration.Hub;
using Microsoft.DurableTask;

namespace AgentSquad.EmbeddedHost.Orchestration.Execution;

/// <summary>Failure details as the engine stores them.</summary>
internal static class Failures
{
    public const string NonDeterministic = "DurableTask.Core.Exceptions.NonDeterministicOrchestrationException";

    private const string ActivityNotFoundType = "ActivityTaskNotFound";
    private const string OrchestratorNotFoundType = "OrchestratorTaskNotFound";

    // What is kept of a failure is kept for each attempt of a retry, for as long as the instance lives, and read with every replay. It says
    // what failed; the log has the whole of it.
    private const int LongestMessage = 2048;
    private const int LongestInnerMessage = 1024;
    private const int LongestStack = 512;
    private const int LongestStackOfAnOrchestrator = 4096;
    private const int DeepestCause = 10;

    /// <summary>Whether trying again cannot help.</summary>
    public static bool IsFinal(TaskFailureDetails details) => details.ErrorType is ActivityNotFoundType or OrchestratorNotFoundType;

    public static TaskFailureDetails ActivityNotFound(string name) => Of(
        ActivityNotFoundType, $"The function '{name}' doesn't exist, is disabled, or is not an activity function.");

    public static TaskFailureDetails OrchestratorNotFound(string name) => Of(
        OrchestratorNotFoundType, $"The function '{name}' doesn't exist, is disabled, or is not an orchestrator function.");

    public static TaskFailureDetails WrongVersion(string name, string? version, OrchestrationVersions versions) => Of(
        "VersionMismatch",
        $"Orchestrator '{name}' has version '{version}', which this app (defaultVersion '{versions.Default}', versionMatchStrategy {versions.Match}) may not run; " +
        "versionFailureStrategy in host.json says that it fails.");

    public static TaskFailureDetails Of(string type, string message) => new(type, Shorten(message, LongestMessage), null, null, null);

    /// <summary>What an activity's history keeps of what it threw, which the runner logs as a whole.</summary>
    public static TaskFailureDetails OfActivity(Exception exception) => From(exception, LongestStack);

    /// <summary>What is kept of an exception that ends an orchestrator: with more of where it was thrown, since it happens once.</summary>
    public static TaskFailureDetails OfOrchestrator(Exception exception) => From(exception, LongestStackOfAnOrchestrator);

    /// <summary>What the history of a parent keeps of the failure of a sub-orchestration, which has its own.</summary>
    public static TaskFailureDetails ForParent(TaskFailureDetails failure) => failure with { StackTrace = ShortenStack(failure.StackTrace, LongestStack) };

    // A failed task inside an exception keeps its own details as the inner failure.
    private static TaskFailureDetails From(Exception exception, int longestStack) => new(
        exception.GetType().ToString(),
        Shorten(exception.Message, LongestMessage),
        ShortenStack(exception.StackTrace, longestStack),
        CauseOf(exception, 1),
        null);

    // Of causes, type and message: that is what callers look at, and their stacks are the long ones.
    private static TaskFailureDetails? CauseOf(Exception exception, int depth) =>
        depth > DeepestCause ? null
        : exception is TaskFailedException failed ? Cause(failed.FailureDetails, depth)
        : exception.InnerException is { } inner
            ? new TaskFailureDetails(inner.GetType().ToString(), Shorten(inner.Message, LongestInnerMessage), null, CauseOf(inner, depth + 1), null)
            : null;

    private static TaskFailureDetails Cause(TaskFailureDetails details, int depth) => details with
    {
        ErrorMessage = Shorten(details.ErrorMessage, LongestInnerMessage),
        StackTrace = null,
        InnerFailure = depth < DeepestCause && details.InnerFailure is { } inner ? Cause(inner, depth + 1) : null,
    };

    private static string Shorten(string text, int longest) => text.Length > longest
        ? $"{text.AsSpan(0, longest)}... ({text.Length} characters, cut)"
        : text;

    // Whole lines, from where it was thrown.
    private static string? ShortenStack(string? stack, int longest)
    {
        if (stack is null || stack.Length <= longest) return stack;
        var end = stack.LastIndexOf('\n', longest);
        return $"{stack.AsSpan(0, end < 0 ? longest : end).TrimEnd()}{Environment.NewLine}   ... (cut)";
    }
}
