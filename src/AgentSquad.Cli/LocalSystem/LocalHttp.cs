namespace AgentSquad.Cli.LocalSystem;

/// <summary>HTTP to this machine: no proxy, whatever the environment says.</summary>
internal static class LocalHttp
{
    private const string Local = "127.0.0.1,localhost";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <summary>The variables that list hosts which need no proxy.</summary>
    public static IReadOnlyList<string> ProxyExemptions { get; } = ["NO_PROXY", "no_proxy"];

    /// <summary>
    /// Lets this process reach this machine without a proxy, whatever the environment says; to be called before the first request.
    /// </summary>
    public static void ExemptFromProxies()
    {
        foreach (var name in ProxyExemptions) Environment.SetEnvironmentVariable(name, WithLocal(Environment.GetEnvironmentVariable(name)));
    }

    /// <summary>A list of hosts that need no proxy, with this machine's names added.</summary>
    public static string WithLocal(string? exempt) => string.IsNullOrEmpty(exempt) ? Local : $"{exempt},{Local}";

    /// <summary>A client of one's own.</summary>
    public static HttpClient Create()
    {
#pragma warning disable CA2000 // The client owns its handler.
        var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false };
#pragma warning restore CA2000
        return new HttpClient(handler, disposeHandler: true) { Timeout = Timeout };
    }
}
