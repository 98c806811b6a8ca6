namespace AgentSquad.Cli.Connect;

/// <summary>The address under which Jira reaches the app.</summary>
internal static class PublicAddress
{
    private const string WebhookPath = "/api/jira/webhook";

    /// <summary>Reads what was typed: the app's address, or the webhook's below it.</summary>
    /// <param name="text">What was typed.</param>
    /// <param name="site">The Jira site. One on this machine, which is a sandbox, may reach this machine without TLS.</param>
    /// <exception cref="CliException">It cannot be such an address.</exception>
    public static Uri Read(string text, Uri site)
    {
        if (!Uri.TryCreate(text.Trim(), UriKind.Absolute, out var typed) || typed.Scheme is not ("http" or "https"))
        {
            throw new CliException($"'{text}' is no address: give the public one, such as https://squad.example.com.");
        }

        if (typed.UserInfo.Length > 0 || typed.Query.Length > 0 || typed.Fragment.Length > 0)
        {
            throw new CliException("--url takes the address alone, without user name, query or fragment.");
        }

        if (typed.Scheme == Uri.UriSchemeHttp && !(typed.IsLoopback && site.IsLoopback))
        {
            throw new CliException(
                $"{typed.Host} is addressed with http: Jira Cloud delivers to https alone, and events hold what people write. "
                + "A tunnel (devtunnel, cloudflared, ngrok) or a reverse proxy gives this machine an https address; see docs/jira-setup.md.");
        }

        if (typed.IsLoopback && !site.IsLoopback)
        {
            throw new CliException($"{typed.Host} is this machine, which {site.Host} cannot reach: give the public address of a tunnel or reverse proxy.");
        }

        var path = typed.AbsolutePath.TrimEnd('/');
        if (path.EndsWith(WebhookPath, StringComparison.OrdinalIgnoreCase)) path = path[..^WebhookPath.Length];
        return new Uri(typed.GetLeftPart(UriPartial.Authority) + path);
    }
}
