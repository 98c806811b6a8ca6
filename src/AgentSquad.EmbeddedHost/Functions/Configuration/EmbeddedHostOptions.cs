namespace AgentSquad.EmbeddedHost.Functions.Configuration;

/// <summary>Settings of the embedded host itself; configuration section <c>EmbeddedHost</c>.</summary>
internal sealed class EmbeddedHostOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "EmbeddedHost";

    /// <summary>Port; 0 takes a free one. Default 7071. <c>--port</c>.</summary>
    public int Port { get; set; } = 7071;

    /// <summary>Address to listen on: an IP address, <c>localhost</c>, or <c>*</c>. Default 127.0.0.1. <c>--host</c>.</summary>
    public string Host { get; set; } = "127.0.0.1";

    /// <summary>File with the function keys; made at first start, readable by its owner only.</summary>
    public string? KeysFile { get; set; }

    /// <summary>Upper limit of threads that functions run on, async waits not counted. Default 256.</summary>
    public int MaxFunctionThreads { get; set; } = 256;

    /// <summary>
    /// Whether the table <c>{Hub}History</c> is kept, in the schema of the Durable Functions Azure Storage provider, for tools that read it.
    /// Default false: it costs a request for each 100 events.
    /// </summary>
    public bool HistoryTable { get; set; }

    /// <summary>
    /// Whether the host ends the process with exit code 1 when it cannot start or loses its task hub. Default true. A host that shares its
    /// process with others, as in tests, throws at start and stops itself at a loss.
    /// </summary>
    public bool ExitOnFailure { get; set; } = true;
}
