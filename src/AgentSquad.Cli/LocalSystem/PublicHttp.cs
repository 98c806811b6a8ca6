namespace AgentSquad.Cli.LocalSystem;

/// <summary>HTTP to addresses that are not this machine's: by the proxy that the environment names. A redirect is an answer, because a log-in page is not what was asked for.</summary>
internal static class PublicHttp
{
    /// <summary>A client of one's own.</summary>
    /// <param name="limit">Longest wait for one answer.</param>
    public static HttpClient Create(TimeSpan limit)
    {
#pragma warning disable CA2000 // The client owns its handler.
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false };
#pragma warning restore CA2000
        return new HttpClient(handler, disposeHandler: true) { Timeout = limit };
    }
}
