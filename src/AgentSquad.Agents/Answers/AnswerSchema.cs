using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.AI;

namespace AgentSquad.Agents.Answers;

/// <summary>JSON schemas of answers, and strict reading of them.</summary>
internal static class AnswerSchema
{
    /// <summary>How answers are read: nothing may be missing, nothing may be unknown, fixed values are names.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(allowIntegerValues: false) },
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.Strict,
        TypeInfoResolver = new System.Text.Json.Serialization.Metadata.DefaultJsonTypeInfoResolver(),
    };

    /// <summary>The schema of an answer.</summary>
    public static JsonElement Of<T>() => AIJsonUtilities.CreateJsonSchema(
        typeof(T),
        serializerOptions: Options,
        inferenceOptions: new AIJsonSchemaCreateOptions
        {
            TransformOptions = new AIJsonSchemaTransformOptions { DisallowAdditionalProperties = true, RequireAllProperties = true },
        });

    /// <summary>Reads an answer.</summary>
    /// <param name="text">What the model said; a code fence or words around the object are forgiven.</param>
    /// <param name="problem">What is wrong with it, fit for the model; null when nothing is.</param>
    public static T? Read<T>(string text, out string? problem)
        where T : class
    {
        var (start, end) = (text.IndexOf('{', StringComparison.Ordinal), text.LastIndexOf('}'));
        if (start < 0 || end < start)
        {
            problem = "There is no JSON object in the answer.";
            return null;
        }

        try
        {
            var answer = JsonSerializer.Deserialize<T>(text.AsSpan(start, end - start + 1), Options);
            problem = answer is null ? "The answer is null." : null;
            return answer;
        }
        catch (JsonException e)
        {
            problem = $"The JSON does not fit the schema: {e.Message}";
            return null;
        }
    }
}
