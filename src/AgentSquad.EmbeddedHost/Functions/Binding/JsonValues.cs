using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;

namespace AgentSquad.EmbeddedHost.Functions.Binding;

/// <summary>Reads JSON with the worker's serializer.</summary>
internal static class JsonValues
{
    /// <summary>Reads a value; throws <see cref="FunctionInputConverterException"/> that says what was being read, never its content.</summary>
    public static object? Read(FunctionContext context, BinaryData json, Type type, string what)
    {
        try
        {
            using var stream = json.ToStream();
            return context.Serializer().Deserialize(stream, type, context.CancellationToken);
        }
        catch (JsonException problem)
        {
            throw new FunctionInputConverterException($"The {what} is not JSON for {type.Name}: {problem.Message}", problem);
        }
    }
}
