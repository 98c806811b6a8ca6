using System.Reflection;
using AgentSquad.EmbeddedHost.Functions.Discovery;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace AgentSquad.EmbeddedHost.Functions.Binding;

/// <summary>Decides once, at start, how each parameter of a function is filled.</summary>
internal static class ParameterBinders
{
    // What a queue trigger knows beside the message's text.
    private static readonly string[] QueueData =
        ["QueueTrigger", "Id", "PopReceipt", "DequeueCount", "InsertionTime", "ExpirationTime", "NextVisibleTime"];

    /// <summary>The binder of a parameter, or null with a complaint.</summary>
    public static ParameterBinder? For(
        ParameterInfo parameter, FunctionTrigger kind, ParameterInfo triggerParameter, TriggerBindingAttribute trigger, out string? complaint)
    {
        complaint = null;
        var type = parameter.ParameterType;
        if (type.IsByRef)
        {
            complaint = $"the parameter '{parameter.Name}' cannot be ref, in or out.";
            return null;
        }

        if (type == typeof(FunctionContext)) return ParameterBinder.Of(context => context);
        if (type == typeof(CancellationToken)) return ParameterBinder.Of(context => context.CancellationToken);
        if (parameter.GetCustomAttribute<DurableClientAttribute>() is { } durable) return DurableClient(parameter, durable, out complaint);
        if (parameter.Position == triggerParameter.Position) return OfTrigger(parameter, kind);
        if (parameter.GetCustomAttribute<BindingAttribute>() is { } other)
        {
            complaint = $"the binding {other.GetType().Name} on '{parameter.Name}' is not supported by the embedded host.";
            return null;
        }

        return OfData(parameter, kind, trigger, out complaint);
    }

    private static ParameterBinder? DurableClient(ParameterInfo parameter, DurableClientAttribute attribute, out string? complaint)
    {
        complaint = null;
        if (parameter.ParameterType == typeof(DurableTaskClient))
        {
            return ParameterBinder.Of(context => context.InstanceServices.GetRequiredService<IDurableClientSource>().ClientFor(attribute.TaskHub)) with
            {
                NeedsTaskHub = true,
            };
        }

        complaint = $"[DurableClient] on '{parameter.Name}' must sit on a {nameof(DurableTaskClient)}.";
        return null;
    }

    private static ParameterBinder OfTrigger(ParameterInfo parameter, FunctionTrigger kind) => kind switch
    {
        FunctionTrigger.Http => HttpValues.OfTrigger(parameter.ParameterType),
        FunctionTrigger.Queue => QueueValues.OfTrigger(parameter.ParameterType),
        FunctionTrigger.Activity => DurableValues.OfActivity(parameter.ParameterType),
        _ => ParameterBinder.Of(context => context.Trigger.Value),
    };

    private static ParameterBinder? OfData(ParameterInfo parameter, FunctionTrigger kind, TriggerBindingAttribute trigger, out string? complaint)
    {
        complaint = null;
        switch (kind)
        {
            case FunctionTrigger.Orchestration:
                return DurableValues.OfOrchestrationInput(parameter.ParameterType);
            case FunctionTrigger.Activity when parameter.ParameterType == typeof(TaskActivityContext):
                return DurableValues.OfActivity(parameter.ParameterType);
            case FunctionTrigger.Activity when IsNamed(parameter, "instanceId", "taskHubName"):
            case FunctionTrigger.Queue when QueueData.Contains(parameter.Name, StringComparer.OrdinalIgnoreCase):
            case FunctionTrigger.Http when SimpleValues.IsSimple(parameter.ParameterType):
                break;
            default:
                complaint = $"nothing is known to fill the parameter '{parameter.Name}' ({parameter.ParameterType.Name}) with.";
                return null;
        }

        if (kind == FunctionTrigger.Http && !MayBeMissing(parameter) && !RouteRules.ParametersOf((HttpTriggerAttribute)trigger).Contains(parameter.Name!))
        {
            complaint = $"the parameter '{parameter.Name}' is not in the route '{((HttpTriggerAttribute)trigger).Route}': " +
                        $"add {{{parameter.Name}}} to it, or make the parameter nullable to take it from the query.";
            return null;
        }

        return ParameterBinder.Of(context => context.Trigger.Data.TryGetValue(parameter.Name!, out var value) && value is not null
            ? SimpleValues.Convert(value, parameter.ParameterType, parameter.Name!)
            : parameter.HasDefaultValue ? parameter.DefaultValue : null);
    }

    private static bool IsNamed(ParameterInfo parameter, params string[] names)
        => parameter.ParameterType == typeof(string) && names.Contains(parameter.Name, StringComparer.OrdinalIgnoreCase);

    private static bool MayBeMissing(ParameterInfo parameter)
        => parameter.HasDefaultValue
           || Nullable.GetUnderlyingType(parameter.ParameterType) is not null
           || (!parameter.ParameterType.IsValueType && new NullabilityInfoContext().Create(parameter).WriteState == NullabilityState.Nullable);
}
