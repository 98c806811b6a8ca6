using AgentSquad.EmbeddedHost.Orchestration.Hub;
using Microsoft.DurableTask;

namespace AgentSquad.EmbeddedHost.Orchestration.Execution;

/// <summary>Failure details as the engine stores them.</summary>
internal static class Failures
{
    public const string NonDeterministic = "DurableTask.Core.Exceptions.NonDeterministicOrchestrationException";

    private const string ActivityNotFoundType = "ActivityTaskNotFound";
    private const string OrchestratorNotFoundType = "OrchestratorTaskNotFound";

    // A message beyond this belongs to a log; as state it would only make every query slow.
    private const int LongestText = 32 * 1024;

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

    public static TaskFailureDetails Of(string type, string message) => new(type, Shorten(message)!, null, null, null);

    /// <summary>Details of an exception; a failed task inside it keeps its own details as the inner failure.</summary>
    public static TaskFailureDetails From(Exception exception)
    {
        var inner = exception is TaskFailedException failed
            ? failed.FailureDetails
            : exception.InnerException is { } cause ? From(cause) : null;
        return new TaskFailureDetails(
            exception.GetType().ToString(), Shorten(exception.Message)!, Shorten(exception.StackTrace), inner, null);
    }

    private static string? Shorten(string? text) => text is { Length: > LongestText }
        ? $"{text.AsSpan(0, LongestText)}... ({text.Length} characters, cut)"
        : text;
}
