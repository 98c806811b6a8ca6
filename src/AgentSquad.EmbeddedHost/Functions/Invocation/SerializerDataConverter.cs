using System.Text;
using Azure.Core.Serialization;
using Microsoft.DurableTask;

namespace AgentSquad.EmbeddedHost.Functions.Invocation;

/// <summary>Inputs and outputs of durable functions go through the worker's serializer, as with the official worker.</summary>
internal sealed class SerializerDataConverter(ObjectSerializer serializer) : DataConverter
{
    public override string? Serialize(object? value)
        => value is null ? null : serializer.Serialize(value, value.GetType(), CancellationToken.None).ToString();

    public override object? Deserialize(string? data, Type targetType)
    {
        if (data is null) return null;
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(data), writable: false);
        return serializer.Deserialize(stream, targetType, CancellationToken.None);
    }
}
