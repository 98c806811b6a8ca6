using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;
using ModelContextProtocol.Client;

namespace AgentSquad.Agents.Tools;

/// <summary>A tool of a server, as a model sees it. Calls go through the step's desk, which limits, records and fences them.</summary>
internal sealed partial class McpTool(string server, McpClientTool tool, ToolDesk desk) : AIFunction
{
    private const int LongestDescription = 1_000;

    /// <inheritdoc />
    public override string Name { get; } = NameOf(server, tool.Name);

    /// <inheritdoc />
    public override string Description { get; } = desk.Describe(tool.Description, LongestDescription);

    /// <inheritdoc />
    public override JsonElement JsonSchema => tool.JsonSchema;

    /// <summary>The name that a model calls a tool by.</summary>
    public static string NameOf(string server, string tool)
    {
        var name = NotAllowed().Replace($"{server}_{tool}", "_");
        return name.Length > 64 ? name[..64] : name;
    }

    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken) =>
        await desk.CallAsync(server, tool, arguments, cancellationToken);

    [GeneratedRegex("[^A-Za-z0-9_-]", RegexOptions.NonBacktracking)]
    private static partial Regex NotAllowed();
}
