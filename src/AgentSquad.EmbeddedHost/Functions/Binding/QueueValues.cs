using Azure.Storage.Queues.Models;

namespace AgentSquad.EmbeddedHost.Functions.Binding;

/// <summary>The trigger parameter of a queue function; the trigger's value is the <see cref="QueueMessage"/> with its text decoded.</summary>
internal static class QueueValues
{
    /// <summary>The message, its text, its bytes, or its text read as JSON.</summary>
    public static ParameterBinder OfTrigger(Type type)
    {
        if (type == typeof(QueueMessage)) return ParameterBinder.Of(context => context.Trigger.Value);
        if (type == typeof(string)) return ParameterBinder.Of(context => BodyOf(context.Trigger).ToString());
        if (type == typeof(byte[])) return ParameterBinder.Of(context => BodyOf(context.Trigger).ToArray());
        if (type == typeof(BinaryData)) return ParameterBinder.Of(context => BodyOf(context.Trigger));
        return ParameterBinder.Of(context => JsonValues.Read(context, BodyOf(context.Trigger), type, "queue message"));
    }

    private static BinaryData BodyOf(TriggerValue trigger) => ((QueueMessage)trigger.Value!).Body;
}
