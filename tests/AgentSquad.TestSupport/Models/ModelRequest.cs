using System.Text.Json;

namespace AgentSquad.TestSupport.Models;

/// <summary>What a provider's library sent, in either wire format.</summary>
public sealed record ModelRequest
{
    /// <summary>The path.</summary>
    public required string Path { get; init; }

    /// <summary>The key that came along, without the scheme; empty for none.</summary>
    public required string Key { get; init; }

    /// <summary>The body.</summary>
    public required JsonElement Body { get; init; }

    /// <summary>Whether it is Anthropic's format.</summary>
    public bool IsMessages => Path.EndsWith("/messages", StringComparison.Ordinal);

    /// <summary>The model.</summary>
    public string Model => Body.GetProperty("model").GetString() ?? "";

    /// <summary>Whether the answer is to be streamed.</summary>
    public bool Streams => Body.TryGetProperty("stream", out var stream) && stream.ValueKind == JsonValueKind.True;

    /// <summary>Most tokens of the answer.</summary>
    public int MaxTokens => new[] { "max_tokens", "max_completion_tokens" }.Select(name => Body.TryGetProperty(name, out var value) ? value.GetInt32() : 0).Max();

    /// <summary>Names of the tools that the model may call.</summary>
    public IReadOnlyList<string> Tools => !Body.TryGetProperty("tools", out var tools)
        ? []
        : [.. tools.EnumerateArray().Select(tool => (tool.TryGetProperty("function", out var function) ? function : tool).GetProperty("name").GetString()!)];

    /// <summary>What the model is told to be.</summary>
    public string System => Body.TryGetProperty("system", out var system) ? Text(system) : string.Join('\n', Of("system").Concat(Of("developer")));

    /// <summary>What the user said, in all turns.</summary>
    public string User => string.Join('\n', Of("user"));

    /// <summary>How often the user spoke: 1 for the first question, one more for each repair.</summary>
    public int Turns => Of("user").Count(text => text.Length > 0);

    /// <summary>Results of tools.</summary>
    public IReadOnlyList<string> ToolResults =>
    [
        .. Of("tool"),
        .. Messages.Select(message => message.TryGetProperty("content", out var content) ? content : default).Where(content => content.ValueKind == JsonValueKind.Array)
            .SelectMany(content => content.EnumerateArray()).Where(part => part.TryGetProperty("type", out var type) && type.GetString() == "tool_result")
            .Select(part => Text(part.GetProperty("content"))),
    ];

    /// <summary>The step that the question is about, by the heading of its prompt, such as <c>triage</c>.</summary>
    public string Step
    {
        get
        {
            const string Heading = "## This step: ";
            var at = System.IndexOf(Heading, StringComparison.Ordinal);
            return at < 0 ? "" : System[(at + Heading.Length)..].Split('\n')[0].Trim();
        }
    }

    private IEnumerable<JsonElement> Messages => Body.TryGetProperty("messages", out var messages) ? messages.EnumerateArray() : [];

    private IEnumerable<string> Of(string role) => Messages.Where(message => message.GetProperty("role").GetString() == role)
        .Select(message => message.TryGetProperty("content", out var content) ? Text(content) : "");

    private static string Text(JsonElement content) => content.ValueKind switch
    {
        JsonValueKind.String => content.GetString() ?? "",
        JsonValueKind.Array => string.Concat(content.EnumerateArray().Select(part => part.TryGetProperty("text", out var text) ? text.GetString() : "")),
        _ => "",
    };
}
