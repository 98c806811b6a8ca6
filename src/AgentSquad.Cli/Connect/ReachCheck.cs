using System.Net;
using System.Text.Json;
using AgentSquad.Atlassian.Diagnostics;

namespace AgentSquad.Cli.Connect;

/// <summary>Whether a public address leads to this app and not to a tunnel's error page or to another app.</summary>
/// <param name="http">Client that follows no redirect.</param>
internal sealed class ReachCheck(HttpClient http)
{
    private const string Check = "connect.reach";

    // What the common tunnels say when nothing stands behind them.
    private static readonly (string Sign, string Means)[] TunnelErrors =
    [
        ("ERR_NGROK_3200", "ngrok knows the address, but no ngrok runs for it: start it again."),
        ("ERR_NGROK_8012", "ngrok runs, but the app does not answer it: check the port that ngrok forwards to."),
        ("ERR_NGROK", "ngrok refuses the request: look at what it prints."),
        ("Error 1033", "cloudflared does not run for this address: start the tunnel again."),
        ("tunnels.api.visualstudio.com", "the dev tunnel wants people to log in: host it with --allow-anonymous."),
        ("login.microsoftonline.com", "the dev tunnel wants people to log in: host it with --allow-anonymous."),
    ];

    /// <summary>Reads the app's health through its public address, and from this machine when the app runs here.</summary>
    /// <param name="publicAddress">The public address.</param>
    /// <param name="localAddress">The app on this machine; null when it runs elsewhere.</param>
    /// <param name="cancellation">Ends the check.</param>
    public async Task<Finding> RunAsync(Uri publicAddress, Uri? localAddress, CancellationToken cancellation)
    {
        string? expected = null;
        if (localAddress is not null)
        {
            expected = (await HealthAsync(localAddress, cancellation)).Instance;
            if (expected is null)
            {
                return Finding.Error(Check, $"No function app answers at {localAddress.Authority}.", "Start it with 'squad up', or name the one that runs elsewhere with --elsewhere.");
            }
        }

        var (status, instance, body, failure) = await HealthAsync(publicAddress, cancellation);
        if (failure is not null) return Finding.Error(Check, $"{publicAddress} is not reached: {failure}.", "Start the tunnel or proxy, and check the address.");
        if (instance is null)
        {
            var means = TunnelErrors.Where(error => body.Contains(error.Sign, StringComparison.OrdinalIgnoreCase)).Select(error => error.Means).FirstOrDefault();
            return Finding.Error(
                Check,
                $"{publicAddress} answers {(int)status!}, but not as this app does{(means is null ? "" : $": {means.TrimEnd('.')}")}.",
                $"{publicAddress}/api/health must lead to the app's /api/health. {Hint(status)}");
        }

        return expected is not null && instance != expected
            ? Finding.Error(Check, $"{publicAddress} leads to another AgentSquad than the one at {localAddress!.Authority}.", "Point the tunnel or proxy at this one's port, or stop the other.")
            : Finding.Ok(Check, expected is null ? $"{publicAddress} leads to an AgentSquad." : $"{publicAddress} leads to the app at {localAddress!.Authority}.");
    }

    private static string Hint(HttpStatusCode? status) => status switch
    {
        HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout or HttpStatusCode.ServiceUnavailable => "The tunnel or proxy is there, the app behind it is not: check the port that it forwards to.",
        HttpStatusCode.NotFound => "Check the path, and that the proxy passes it on unchanged.",
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.Found or HttpStatusCode.TemporaryRedirect =>
            "The tunnel or proxy wants a log-in, which Jira cannot do: let it through without (devtunnel host --allow-anonymous).",
        _ => "Something else answers there.",
    };

    private async Task<(HttpStatusCode? Status, string? Instance, string Body, string? Failure)> HealthAsync(Uri app, CancellationToken cancellation)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(app.AbsoluteUri.TrimEnd('/') + "/api/health"));

            // ngrok shows browsers a page of its own first; this header says that nobody looks.
            request.Headers.Add("ngrok-skip-browser-warning", "1");
            using var response = await http.SendAsync(request, cancellation);
            var body = await response.Content.ReadAsStringAsync(cancellation);
            return (response.StatusCode, InstanceOf(body), $"{response.Headers} {body}", null);
        }
        catch (HttpRequestException exception)
        {
            return (null, null, "", exception.HttpRequestError switch
            {
                HttpRequestError.NameResolutionError => "its name does not resolve",
                HttpRequestError.SecureConnectionError => "its certificate is not accepted",
                HttpRequestError.ConnectionError => "nothing takes connections there",
                _ => "the connection was lost",
            });
        }
    }

    private static string? InstanceOf(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("instance", out var instance) ? instance.GetString() : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
