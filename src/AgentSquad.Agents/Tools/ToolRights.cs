using ModelContextProtocol.Protocol;

namespace AgentSquad.Agents.Tools;

/// <summary>Which tools of a server a role may use.</summary>
internal static class ToolRights
{
    /// <summary>Whether a tool only reads: it says so itself, or the configuration says it.</summary>
    public static bool IsReadOnly(McpServerOptions server, Tool tool) =>
        tool.Annotations?.ReadOnlyHint == true || server.TrustAsReadOnly.Contains(tool.Name);

    /// <summary>Whether a role may use a tool: one that only reads by name or by <c>server/*</c>, another one by name only, and only if its server may write with it.</summary>
    /// <param name="allowed">The role's list.</param>
    /// <param name="serverName">Name of the server.</param>
    /// <param name="server">Its settings.</param>
    /// <param name="tool">The tool.</param>
    public static bool May(IReadOnlyList<string> allowed, string serverName, McpServerOptions server, Tool tool)
    {
        var isNamed = allowed.Contains($"{serverName}/{tool.Name}", StringComparer.Ordinal);
        return IsReadOnly(server, tool)
            ? isNamed || allowed.Contains($"{serverName}/*", StringComparer.Ordinal)
            : isNamed && server.AllowWriting.Contains(tool.Name);
    }

    /// <summary>Whether a role's list names a server at all.</summary>
    public static bool Names(IReadOnlyList<string> allowed, string serverName) =>
        allowed.Any(entry => entry.StartsWith(serverName + "/", StringComparison.Ordinal));
}
