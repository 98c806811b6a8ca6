using System.Text.RegularExpressions;
using Microsoft.Azure.Functions.Worker;

namespace AgentSquad.EmbeddedHost.Functions.Discovery;

/// <summary>Names of functions.</summary>
internal static partial class FunctionNames
{
    /// <summary>The name that orchestrators and clients call an orchestrator or activity by.</summary>
    public static string Durable(FunctionDescriptor function) => function.TriggerAttribute switch
    {
        OrchestrationTriggerAttribute { Orchestration: { Length: > 0 } name } => name,
        ActivityTriggerAttribute { Activity: { Length: > 0 } name } => name,
        _ => function.Name,
    };

    /// <summary>Whether Azure Functions takes the name.</summary>
    public static bool IsValid(string? name) => name is not null && Valid().IsMatch(name);

    [GeneratedRegex(@"^[A-Za-z][\w-]{0,126}$")]
    private static partial Regex Valid();
}
