using System.Text.Json;
using AgentSquad.Atlassian.Diagnostics;
using AgentSquad.Cli.Settings;
using Microsoft.Extensions.Options;

namespace AgentSquad.Cli.Doctor;

/// <summary>The MCP servers whose tools the roles may use: each is connected to, asked for its tools, and left again.</summary>
internal sealed class McpCheck(SquadSettings settings, string appAssembly)
{
    private const string Name = "mcp.servers";

    /// <summary>The checks.</summary>
    public IEnumerable<DiagnosticCheck> Checks => [new(Name, "Connecting to the MCP servers", RunAsync)];

    private async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellation)
    {
        try
        {
            var servers = JsonSerializer.Deserialize<List<Server>>(await AppRules.McpServersAsync(settings.ToConfiguration(), appAssembly, cancellation), JsonSerializerOptions.Web)!;
            return servers.Count == 0 ? [Finding.Ok(Name, "No MCP server is configured; the roles have no tools.")] : [.. servers.Select(Of)];
        }
        catch (OptionsValidationException)
        {
            // What is wrong is among the app's own complaints.
            return [];
        }
    }

    private static Finding Of(Server server) => server.Problem is { } problem
        ? Finding.Error(Name, $"MCP server {server.Name}: {problem}", "Start its command by hand, or open its address, and look at what it says; then correct its settings.", $"Agents__Mcp__Servers__{server.Name}")
        : Finding.Ok(Name, $"MCP server {server.Name}: {string.Join("; ", server.Tools.Select(Of))}.");

    private static string Of(Tool tool) =>
        $"{tool.Name} ({(tool.ReadOnly ? "reads" : "may write")}, {(tool.Roles.Count == 0 ? "no role uses it" : string.Join(", ", tool.Roles))})";

    private sealed record Server([property: System.Text.Json.Serialization.JsonPropertyName("server")] string Name, string? Problem, IReadOnlyList<Tool> Tools);

    private sealed record Tool(string Name, bool ReadOnly, IReadOnlyList<string> Roles);
}
