using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using AgentSquad.Agents.Answers;
using AgentSquad.Agents.Safety;
using AgentSquad.Core.Squad;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace AgentSquad.Agents.Tools;

/// <summary>
/// Where the tools of one step are called: within limits of number, time and size; each call on the record under the step's key; results without
/// secrets, fenced as data. A tool that fails is a result too: the step goes on.
/// </summary>
internal sealed class ToolDesk(AgentStep step, McpOptions options, IAnswerStore answers, SecretGuard guard, DataFence fence, TimeProvider time, ILogger logger)
{
    private int _calls;

    /// <summary>A server's words about a tool, made harmless.</summary>
    public string Describe(string? description, int longest)
    {
        var text = guard.Clean(DataFence.Visible(description ?? ""));
        return text.Length > longest ? text[..longest] : text;
    }

    /// <summary>Calls a tool, or finds what it said when the step was tried before.</summary>
    public async Task<string> CallAsync(string server, McpClientTool tool, AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        var number = Interlocked.Increment(ref _calls);
        if (number > options.MostCalls) return "No more tools can be used in this step. Answer with what you have.";
        var key = $"{step.Key}/tools/{number}";
        if (await answers.FindAsync<StoredToolResult>(step.InstanceId, key, cancellationToken) is { } stored) return fence.Wrap($"result of {stored.Tool}", stored.Text);
        var name = $"{server}/{tool.Name}";
        var clean = arguments.ToDictionary(argument => argument.Key, argument => Clean(argument.Value), StringComparer.Ordinal);
        using var span = AgentTelemetry.Traces.StartActivity($"execute_tool {tool.Name}", ActivityKind.Client);
        span?.SetTag("gen_ai.operation.name", "execute_tool").SetTag("gen_ai.tool.name", tool.Name).SetTag("agentsquad.mcp.server", server);
        var watch = Stopwatch.GetTimestamp();
        var (outcome, text) = await TryAsync(name, tool, clean, cancellationToken);
        span?.SetTag("agentsquad.tool.outcome", outcome);
        AgentTelemetry.ToolCalls.Add(1, new("gen_ai.tool.name", name), new("agentsquad.tool.outcome", outcome));
        var elapsed = (long)Stopwatch.GetElapsedTime(watch).TotalMilliseconds;
        logger.LogInformation("{Role} called {Tool} in {Step}: {Outcome} after {Milliseconds} ms, {Characters} characters.", step.Role, name, step.Key, outcome, elapsed, text.Length);
        var record = new StoredToolResult(name, JsonSerializer.SerializeToElement(clean, AIJsonUtilities.DefaultOptions), outcome, elapsed, time.GetUtcNow(), text);
        await answers.SaveAsync(step.InstanceId, key, record, CancellationToken.None);
        return fence.Wrap($"result of {name}", text);
    }

    private async Task<(string Outcome, string Text)> TryAsync(string name, McpClientTool tool, Dictionary<string, object?> arguments, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(options.CallTimeout);
        try
        {
            // A server that dies does not always answer; the time limit holds even if the library waits on.
            var result = await tool.CallAsync(arguments, cancellationToken: patience.Token).AsTask().WaitAsync(patience.Token);
            return (result.IsError == true ? "error" : "ok", Limit(TextOf(result)));
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return ("timeout", string.Create(CultureInfo.InvariantCulture, $"{name} did not answer within {options.CallTimeout.TotalSeconds:0} s."));
        }
        catch (Exception e)
        {
            // Whatever a server does must not end the step.
            logger.LogWarning(e, "{Tool} failed in {Step}.", name, step.Key);
            return ("failed", $"{name} failed.");
        }
    }

    private string Limit(string text)
    {
        var clean = guard.Clean(DataFence.Visible(text));
        return clean.Length <= options.MostCharacters
            ? clean
            : clean[..options.MostCharacters] + string.Create(CultureInfo.InvariantCulture, $"\n[left out for length: {clean.Length - options.MostCharacters} more characters]");
    }

    private static string TextOf(CallToolResult result)
    {
        var text = new StringBuilder();
        foreach (var block in result.Content)
        {
            text.AppendLine(block switch
            {
                TextContentBlock content => content.Text,
                EmbeddedResourceBlock { Resource: TextResourceContents resource } => resource.Text,
                _ => $"({block.Type}, not shown)",
            });
        }

        return text.Length > 0 ? text.ToString().TrimEnd() : result.StructuredContent?.ToString() ?? "(no result)";
    }

    private object? Clean(object? value) => value switch
    {
        string text => guard.Clean(text),
        JsonElement json => JsonSerializer.Deserialize<JsonElement>(guard.Clean(json.GetRawText())),
        _ => value,
    };
}
