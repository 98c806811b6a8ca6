using System.Text;
using System.Text.Json.Nodes;

namespace AgentSquad.TestSupport.Models;

/// <summary>Anthropic's format.</summary>
internal static class MessagesWire
{
    private const int PieceLength = 400;

    public static string Render(ModelRequest request, ModelReply reply) => request.Streams ? Stream(request, reply) : Whole(request, reply).ToJsonString();

    private static JsonObject Whole(ModelRequest request, ModelReply reply)
    {
        var (input, output) = Tokens.Of(request, reply);
        var message = Head(request, input, output);
        message["content"] = reply is RefusalReply ? new JsonArray() : new JsonArray(Block(reply, isStart: false));
        message["stop_reason"] = Reason(reply);
        return message;
    }

    private static string Stream(ModelRequest request, ModelReply reply)
    {
        var (input, output) = Tokens.Of(request, reply);
        var text = new StringBuilder();
        void Add(string name, JsonObject data)
        {
            data["type"] = name;
            text.Append("event: ").Append(name).Append("\ndata: ").Append(data.ToJsonString()).Append("\n\n");
        }

        Add("message_start", new JsonObject { ["message"] = Head(request, input, 1) });
        if (reply is not RefusalReply)
        {
            Add("content_block_start", new JsonObject { ["index"] = 0, ["content_block"] = Block(reply, isStart: true) });
            Add("ping", []);
            foreach (var piece in ((reply as TextReply)?.Text ?? "").Chunk(PieceLength))
            {
                Add("content_block_delta", new JsonObject { ["index"] = 0, ["delta"] = new JsonObject { ["type"] = "text_delta", ["text"] = new string(piece) } });
            }

            if (reply is ToolReply tool)
            {
                Add("content_block_delta", new JsonObject { ["index"] = 0, ["delta"] = new JsonObject { ["type"] = "input_json_delta", ["partial_json"] = tool.Arguments } });
            }

            Add("content_block_stop", new JsonObject { ["index"] = 0 });
        }

        Add("message_delta", new JsonObject
        {
            ["delta"] = new JsonObject { ["stop_reason"] = Reason(reply), ["stop_sequence"] = null }, ["usage"] = new JsonObject { ["output_tokens"] = output },
        });
        Add("message_stop", []);
        return text.ToString();
    }

    private static JsonObject Head(ModelRequest request, int input, int output) => new()
    {
        ["id"] = "msg_test1", ["type"] = "message", ["role"] = "assistant", ["model"] = request.Model, ["content"] = new JsonArray(), ["stop_reason"] = null,
        ["stop_sequence"] = null, ["usage"] = new JsonObject { ["input_tokens"] = input, ["output_tokens"] = output },
    };

    private static JsonObject Block(ModelReply reply, bool isStart) => reply is ToolReply tool
        ? new()
        {
            ["type"] = "tool_use", ["id"] = "toolu_" + Guid.NewGuid().ToString("N")[..12], ["name"] = tool.Tool,
            ["input"] = isStart ? new JsonObject() : JsonNode.Parse(tool.Arguments),
        }
        : new() { ["type"] = "text", ["text"] = isStart ? "" : ((TextReply)reply).Text };

    private static string Reason(ModelReply reply) => reply switch
    {
        ToolReply => "tool_use", RefusalReply => "refusal", TextReply { IsCutOff: true } => "max_tokens", _ => "end_turn",
    };
}
