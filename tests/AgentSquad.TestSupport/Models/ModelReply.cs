namespace AgentSquad.TestSupport.Models;

/// <summary>What a model server answers.</summary>
public abstract record ModelReply
{
    /// <summary>Words.</summary>
    public static ModelReply Say(string text) => new TextReply(text);

    /// <summary>A call of a tool.</summary>
    public static ModelReply Call(string tool, string arguments = "{}") => new ToolReply(tool, arguments);

    /// <summary>A refusal, as the provider words it.</summary>
    public static ModelReply Refuse() => new RefusalReply();

    /// <summary>A status other than 200.</summary>
    public static ModelReply Status(int code, string? retryAfter = null) => new StatusReply(code, retryAfter);

    /// <summary>An answer that reached its limit of tokens.</summary>
    public static ModelReply CutOff(string text) => new TextReply(text) { IsCutOff = true };

    /// <summary>A connection that ends in the middle of an answer.</summary>
    public static ModelReply Half(string text) => new HalfReply(text);

    /// <summary>Status 200 with a body that is no JSON.</summary>
    public static ModelReply InvalidJson() => new RawReply("<html>It works!</html");

    /// <summary>Status 200 with an error in the body.</summary>
    public static ModelReply ErrorInside() => new RawReply("""{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""");

    /// <summary>Status 200 and a stream that brings an error after its beginning, in the provider's format.</summary>
    public static ModelReply ErrorInStream(bool isMessages) => new RawReply(isMessages
        ? """
            event: message_start
            data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","content":[],"model":"model-a","stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":1,"output_tokens":1}}}

            event: error
            data: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}


            """
        : """
            data: {"error":{"message":"The server had an error while processing your request","type":"server_error","param":null,"code":null}}

            data: [DONE]


            """)
    {
        Type = "text/event-stream",
    };

    /// <summary>No answer until the caller goes away.</summary>
    public static ModelReply Silence() => new SilentReply();
}

/// <summary>See <see cref="ModelReply.Say"/>.</summary>
/// <param name="Text">The words.</param>
public sealed record TextReply(string Text) : ModelReply
{
    /// <summary>Whether the limit of tokens ended it.</summary>
    public bool IsCutOff { get; init; }

    /// <summary>Tokens of the question that the server counts; null for a figure by length.</summary>
    public int? Input { get; init; }

    /// <summary>Tokens of the answer that the server counts; null for a figure by length.</summary>
    public int? Output { get; init; }
}

/// <summary>See <see cref="ModelReply.Call"/>.</summary>
/// <param name="Tool">The tool.</param>
/// <param name="Arguments">JSON.</param>
public sealed record ToolReply(string Tool, string Arguments) : ModelReply;

/// <summary>See <see cref="ModelReply.Refuse"/>.</summary>
public sealed record RefusalReply : ModelReply;

/// <summary>See <see cref="ModelReply.Status"/>.</summary>
/// <param name="Code">The status.</param>
/// <param name="RetryAfter">The header.</param>
public sealed record StatusReply(int Code, string? RetryAfter) : ModelReply;

/// <summary>See <see cref="ModelReply.Half"/>.</summary>
/// <param name="Text">The words, half of which are sent.</param>
public sealed record HalfReply(string Text) : ModelReply;

/// <summary>A body as it is.</summary>
/// <param name="Body">The body.</param>
public sealed record RawReply(string Body) : ModelReply
{
    /// <summary>Its media type.</summary>
    public string Type { get; init; } = "application/json";
}

/// <summary>See <see cref="ModelReply.Silence"/>.</summary>
public sealed record SilentReply : ModelReply;
