using System.Reflection;
using AgentSquad.EmbeddedHost.Functions.Binding;
using AgentSquad.EmbeddedHost.Functions.Invocation;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace AgentSquad.EmbeddedHost.Functions.Discovery;

/// <summary>A function that was found: what starts it, how its parameters are filled, how it is called.</summary>
internal sealed class FunctionDescriptor
{
    /// <summary>Name as declared.</summary>
    public required string Name { get; init; }

    /// <summary>What starts it.</summary>
    public required FunctionTrigger Trigger { get; init; }

    /// <summary>The attribute on the trigger's parameter.</summary>
    public required TriggerBindingAttribute TriggerAttribute { get; init; }

    /// <summary>The trigger's parameter.</summary>
    public required ParameterInfo TriggerParameter { get; init; }

    /// <summary>The method.</summary>
    public required MethodInfo Method { get; init; }

    /// <summary>One for each parameter, in order.</summary>
    public required IReadOnlyList<ParameterBinder> Binders { get; init; }

    /// <summary>Calls the method and unwraps what it returns.</summary>
    public required FunctionMethod Call { get; init; }

    /// <summary>As user code sees it.</summary>
    public required DiscoveredFunctionDefinition Definition { get; init; }

    /// <summary>Category of the log lines about its invocations, as Azure Functions names it.</summary>
    public string LogCategory => $"Function.{Name}";
}
