using System.Reflection;
using Microsoft.DurableTask;

namespace AgentSquad.EmbeddedHost.Functions.Binding;

/// <summary>Inputs of orchestrators and activities.</summary>
internal static class DurableValues
{
    private static readonly MethodInfo GetInput = typeof(TaskOrchestrationContext).GetMethod(nameof(TaskOrchestrationContext.GetInput))!;

    /// <summary>A further parameter of an orchestrator receives the orchestration's input.</summary>
    public static ParameterBinder OfOrchestrationInput(Type type)
    {
        var read = GetInput.MakeGenericMethod(type);
        return ParameterBinder.Of(context => read.Invoke(context.Trigger.Value, BindingFlags.DoNotWrapExceptions, null, [], null));
    }

    /// <summary>The activity's input, or its context.</summary>
    public static ParameterBinder OfActivity(Type type)
    {
        if (type == typeof(TaskActivityContext)) return ParameterBinder.Of(context => ((ActivityCall)context.Trigger.Value!).Context);
        return ParameterBinder.Of(context =>
        {
            var call = (ActivityCall)context.Trigger.Value!;
            return call.Converter.Deserialize(call.SerializedInput, type);
        });
    }
}

/// <summary>One call of an activity.</summary>
/// <param name="Context">What the activity may know of its caller.</param>
/// <param name="SerializedInput">Input as the orchestrator serialized it.</param>
/// <param name="Converter">Reads it.</param>
internal sealed record ActivityCall(TaskActivityContext Context, string? SerializedInput, DataConverter Converter);
