using Microsoft.Extensions.Logging;
using ModelContextProtocol.Client;

namespace AgentSquad.Agents.Tools;

/// <summary>Connects to servers of the Model Context Protocol.</summary>
internal static class McpConnections
{
    // What programs cannot do without; everything else of our environment, keys above all, stays here.
    private static readonly string[] Inherited = ["PATH", "HOME", "USERPROFILE", "SystemRoot", "TEMP", "TMP", "TMPDIR", "LANG"];

    /// <summary>Connects; whoever gets the client disposes of it, which ends a started program and what it started.</summary>
    /// <param name="name">Name of the server.</param>
    /// <param name="server">Its settings.</param>
    /// <param name="logs">For the protocol's own log.</param>
    /// <param name="cancellationToken">Cancels; a half-open connection is closed.</param>
    public static async Task<McpClient> ConnectAsync(string name, McpServerOptions server, ILoggerFactory logs, CancellationToken cancellationToken)
    {
#pragma warning disable CA2000 // The client owns its transport; without a client it is closed below.
        IClientTransport transport = server.Command.Length > 0 ? Program(name, server, logs) : Http(name, server, logs);
#pragma warning restore CA2000
        try
        {
            return await McpClient.CreateAsync(transport, new McpClientOptions { ClientInfo = new() { Name = "AgentSquad", Version = "1" } }, logs, cancellationToken);
        }
        catch
        {
            if (transport is IAsyncDisposable disposable) await disposable.DisposeAsync();
            throw;
        }
    }

    private static StdioClientTransport Program(string name, McpServerOptions server, ILoggerFactory logs)
    {
        var environment = Inherited.Select(variable => (variable, Value: System.Environment.GetEnvironmentVariable(variable))).Where(pair => pair.Value is not null)
            .ToDictionary(pair => pair.variable, pair => pair.Value, StringComparer.Ordinal);
        foreach (var (variable, value) in server.Environment) environment[variable] = value;
        return new StdioClientTransport(
            new StdioClientTransportOptions
            {
                Name = name, Command = server.Command, Arguments = [.. server.Arguments], EnvironmentVariables = environment, InheritEnvironmentVariables = false,
                ShutdownTimeout = TimeSpan.FromSeconds(3),
            },
            logs);
    }

    private static HttpClientTransport Http(string name, McpServerOptions server, ILoggerFactory logs) => new(
        new HttpClientTransportOptions
        {
            Name = name, Endpoint = new Uri(server.Url), AdditionalHeaders = new Dictionary<string, string>(server.Headers, StringComparer.OrdinalIgnoreCase),
            MaxReconnectionAttempts = 0,
        },
        logs);
}
