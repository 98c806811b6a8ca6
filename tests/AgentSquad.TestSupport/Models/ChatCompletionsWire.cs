using System.Text;
using System.Text.Json.Nodes;

namespace AgentSquad.TestSupport.Models;

/// <summary>OpenAI's format.</summary>
internal static class ChatCompletionsWire
{
    private const int PieceLength = 400;

    public static string Render(ModelRequest request, ModelReply reply) => request.Streams ? Stream(request, reply) : Whole(request, reply).ToJsonString();

    private static JsonObject Whole(ModelRequest request, ModelReply reply)
    {
        var message = new JsonObject { ["role"] = "assistant", ["content"] = Text(reply), ["refusal"] = reply is RefusalReply ? "I cannot help with that." : null };
        if (reply is ToolReply tool) message["tool_calls"] = new JsonArray(Call(tool));
        var answer = Head(request, "chat.completion");
        answer["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["message"] = message, ["logprobs"] = null, ["finish_reason"] = Reason(reply) });
        answer["usage"] = Usage(request, reply);
        return answer;
    }

    private static string Stream(ModelRequest request, ModelReply reply)
    {
        var text = new StringBuilder();
        void Add(JsonObject? delta, string? reason, JsonObject? usage = null)
        {
            var chunk = Head(request, "chat.completion.chunk");
            chunk["choices"] = delta is null ? new JsonArray() : new JsonArray(new JsonObject { ["index"] = 0, ["delta"] = delta, ["logprobs"] = null, ["finish_reason"] = reason });
            chunk["usage"] = usage;
            text.Append("data: ").Append(chunk.ToJsonString()).Append("\n\n");
        }

        Add(new JsonObject { ["role"] = "assistant", ["content"] = "" }, null);
        foreach (var piece in (Text(reply) ?? "").Chunk(PieceLength)) Add(new JsonObject { ["content"] = new string(piece) }, null);
        if (reply is RefusalReply) Add(new JsonObject { ["refusal"] = "I cannot help with that." }, null);
        if (reply is ToolReply tool)
        {
            var call = Call(tool);
            call["index"] = 0;
            Add(new JsonObject { ["tool_calls"] = new JsonArray(call) }, null);
        }

        Add([], Reason(reply));
        Add(null, null, Usage(request, reply));
        return text.Append("data: [DONE]\n\n").ToString();
    }

    private static JsonObject Head(ModelRequest request, string kind) => new()
    {
        ["id"] = "chatcmpl-test1", ["object"] = kind, ["created"] = 1_760_000_000, ["model"] = request.Model, ["system_fingerprint"] = "fp_test",
    };

    private static string? Text(ModelReply reply) => reply is TextReply text ? text.Text : null;

    private static JsonObject Call(ToolReply tool) => new()
    {
        ["id"] = "call_" + Guid.NewGuid().ToString("N")[..12], ["type"] = "function", ["function"] = new JsonObject { ["name"] = tool.Tool, ["arguments"] = tool.Arguments },
    };

    private static string Reason(ModelReply reply) => reply switch { ToolReply => "tool_calls", TextReply { IsCutOff: true } => "length", _ => "stop" };

    private static JsonObject Usage(ModelRequest request, ModelReply reply)
    {
        var (input, output) = Tokens.Of(request, reply);
        return new() { ["prompt_tokens"] = input, ["completion_tokens"] = output, ["total_tokens"] = input + output };
    }
}
