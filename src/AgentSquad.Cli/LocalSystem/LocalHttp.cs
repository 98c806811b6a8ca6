namespace AgentSquad.Cli.LocalSystem;

/// <summary>HTTP to this machine: no proxy, whatever the environment says.</summary>
internal static class LocalHttp
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <summary>A client of one's own.</summary>
    public static HttpClient Create()
    {
#pragma warning disable CA2000 // The client owns its handler.
        var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false };
#pragma warning restore CA2000
        return new HttpClient(handler, disposeHandler: true) { Timeout = Timeout };
    }
}
