using System.Text.Json;
using AgentSquad.Agents.Roles;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AgentSquad.Agents.Tools;

/// <summary>Tries the configured MCP servers, one by one.</summary>
public static class McpDiagnostics
{
    /// <summary>Connects to each server, lists its tools and who may use them, and disconnects.</summary>
    /// <param name="configuration">The root configuration.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>
    /// A JSON array with <c>{"server","problem","tools":[{"name","readOnly","roles":[..]}]}</c> for each server; <c>problem</c> is null for one that
    /// works. As text, so that a tool that knows no type of this assembly can read it.
    /// </returns>
    /// <exception cref="OptionsValidationException">A setting cannot be read.</exception>
    public static async Task<string> CheckAsync(IConfiguration configuration, CancellationToken cancellationToken)
    {
        var options = new AgentsOptions();
        new AgentsOptionsSetup(configuration).Configure(options);
        var roles = new RoleCatalog(Options.Create(options));
        var reports = new List<Report>();
        foreach (var (name, server) in options.Mcp.Servers) reports.Add(await CheckAsync(name, server, roles, options.Mcp.ConnectTimeout, cancellationToken));
        return JsonSerializer.Serialize(reports, JsonSerializerOptions.Web);
    }

    private static async Task<Report> CheckAsync(string name, McpServerOptions server, RoleCatalog roles, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(limit);
        try
        {
            await using var client = await McpConnections.ConnectAsync(name, server, NullLoggerFactory.Instance, patience.Token);
            var tools = await client.ListToolsAsync(cancellationToken: patience.Token);
            return new Report(name, Problem: null,
            [
                .. tools.Select(tool => new ToolReport(
                    tool.Name, ToolRights.IsReadOnly(server, tool.ProtocolTool),
                    [.. roles.All.Where(role => ToolRights.May(role.Tools, name, server, tool.ProtocolTool)).Select(role => role.Role.ToString())])),
            ]);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Report(name, $"It did not answer within {limit.TotalSeconds:0} s.", []);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Messages of transports may quote headers or arguments; the kind of failure is enough to go on.
            return new Report(name, $"It cannot be reached ({e.GetType().Name}).", []);
        }
    }

    private sealed record Report(string Server, string? Problem, IReadOnlyList<ToolReport> Tools);

    private sealed record ToolReport(string Name, bool ReadOnly, IReadOnlyList<string> Roles);
}
