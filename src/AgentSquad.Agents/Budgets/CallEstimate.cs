using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AgentSquad.Agents.Budgets;

/// <summary>The most that a call can take. No token stands for less than one byte, so the bytes of all that is sent are an upper bound.</summary>
internal static class CallEstimate
{
    private const int PerMessage = 32;
    private const int PerCall = 1_000;

    /// <summary>The most tokens of a question.</summary>
    public static long MostInput(IEnumerable<ChatMessage> messages, ChatOptions options)
    {
        long bytes = PerCall;
        foreach (var message in messages) bytes += PerMessage + message.Contents.Sum(Bytes);
        foreach (var tool in options.Tools?.OfType<AIFunctionDeclaration>() ?? [])
        {
            bytes += PerMessage + Bytes(tool.Name) + Bytes(tool.Description) + Bytes(tool.JsonSchema.GetRawText());
        }

        return bytes + (options.ResponseFormat is ChatResponseFormatJson { Schema: { } schema } ? Bytes(schema.GetRawText()) : 0);
    }

    private static long Bytes(AIContent content) => content switch
    {
        TextContent text => Bytes(text.Text),
        FunctionCallContent call => PerMessage + Bytes(call.Name) + Bytes(call.CallId) + Bytes(JsonSerializer.Serialize(call.Arguments, AIJsonUtilities.DefaultOptions)),
        FunctionResultContent result => PerMessage + Bytes(result.CallId)
            + Bytes(result.Result as string ?? JsonSerializer.Serialize(result.Result, AIJsonUtilities.DefaultOptions)),
        _ => Bytes(JsonSerializer.Serialize(content, AIJsonUtilities.DefaultOptions)),
    };

    private static long Bytes(string? text) => text is null ? 0 : Encoding.UTF8.GetByteCount(text);
}
