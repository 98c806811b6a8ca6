namespace AgentSquad.Agents.Tools;

/// <summary>Servers of the Model Context Protocol and the limits of their use.</summary>
public sealed class McpOptions
{
    /// <summary>The servers by name, such as <c>Agents__Mcp__Servers__atlassian__Command</c>.</summary>
    public Dictionary<string, McpServerOptions> Servers { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Longest time for starting a server and reading its list of tools. Default is 30 s.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest time for one call of a tool. Default is 30 s.</summary>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Most characters of one result; the rest is left out and the model is told so. Default is 20,000.</summary>
    public int MostCharacters { get; set; } = 20_000;

    /// <summary>Most calls of tools within one step. Default is 16.</summary>
    public int MostCalls { get; set; } = 16;
}

/// <summary>One server: a command (stdio) or an address (HTTP).</summary>
public sealed class McpServerOptions
{
    /// <summary>Program to start; its input and output carry the protocol. Empty when <see cref="Url"/> is set.</summary>
    public string Command { get; set; } = "";

    /// <summary>Arguments of the program.</summary>
    public IList<string> Arguments { get; } = [];

    /// <summary>Environment of the program, besides PATH and HOME; it inherits nothing else. Values may be secrets.</summary>
    public Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal);

    /// <summary>Address of a server over HTTP. Empty when <see cref="Command"/> is set.</summary>
    public string Url { get; set; } = "";

    /// <summary>Headers of every request to <see cref="Url"/>. Values may be secrets.</summary>
    public Dictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Tools that change something and may be used all the same by the roles that list them by name. Every other tool has to say that it only
    /// reads (<c>readOnlyHint</c>). Default is none.
    /// </summary>
    public IList<string> AllowWriting { get; } = [];

    /// <summary>Tools that are trusted to only read although they do not say so. Default is none.</summary>
    public IList<string> TrustAsReadOnly { get; } = [];
}
