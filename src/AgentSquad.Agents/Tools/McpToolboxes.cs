using AgentSquad.Agents.Answers;
using AgentSquad.Agents.Roles;
using AgentSquad.Agents.Safety;
using AgentSquad.Core.Squad;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Client;

namespace AgentSquad.Agents.Tools;

/// <summary>
/// Opens the tools of MCP servers for one step. A role without tools opens nothing; a connection never outlives its step.
/// </summary>
internal sealed class McpToolboxes(
    IOptions<AgentsOptions> options, IAnswerStore answers, SecretGuard guard, TimeProvider time, ILoggerFactory logs) : IToolboxes
{
    private readonly McpOptions _options = options.Value.Mcp;
    private readonly ILogger _logger = logs.CreateLogger<McpToolboxes>();

    /// <inheritdoc />
    public async Task<IToolbox> OpenAsync(RoleSettings role, AgentStep step, DataFence fence, CancellationToken cancellationToken)
    {
        var box = new Toolbox(_logger);
        var desk = new ToolDesk(step, _options, answers, guard, fence, time, _logger);
        try
        {
            foreach (var (name, server) in _options.Servers.Where(server => ToolRights.Names(role.Tools, server.Key)))
            {
                await AddAsync(box, desk, role, name, server, cancellationToken);
            }

            return box;
        }
        catch
        {
            await box.DisposeAsync();
            throw;
        }
    }

    private async Task AddAsync(Toolbox box, ToolDesk desk, RoleSettings role, string name, McpServerOptions server, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(_options.ConnectTimeout);
        try
        {
            var client = await McpConnections.ConnectAsync(name, server, logs, patience.Token);
            box.Clients.Add(client);
            var offered = await client.ListToolsAsync(cancellationToken: patience.Token);
            box.Add(offered.Where(tool => ToolRights.May(role.Tools, name, server, tool.ProtocolTool)).Select(tool => new McpTool(name, tool, desk)));
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Tools help; a step that waits for a broken one helps nobody.
            _logger.LogWarning(e, "The MCP server {Server} cannot be used; {Role} goes on without its tools.", name, role.Role);
        }
    }

    private sealed class Toolbox(ILogger logger) : IToolbox
    {
        private readonly List<AIFunction> _tools = [];

        public List<McpClient> Clients { get; } = [];

        public IReadOnlyList<AIFunction> Tools => _tools;

        public void Add(IEnumerable<McpTool> tools) => _tools.AddRange(tools.Where(tool => _tools.TrueForAll(other => other.Name != tool.Name)));

        public async ValueTask DisposeAsync()
        {
            foreach (var client in Clients)
            {
                try
                {
                    await client.DisposeAsync();
                }
                catch (Exception e)
                {
                    // The others have to be closed as well.
                    logger.LogWarning(e, "An MCP server did not close in order.");
                }
            }

            Clients.Clear();
        }
    }
}
