using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Polly.CircuitBreaker;
using Polly.RateLimiting;
using Polly.Timeout;

namespace AgentSquad.Atlassian.Jira.Http;

/// <summary>Sends requests to the configured site, and only there, and turns every failure into a <see cref="JiraException"/>.</summary>
internal sealed class JiraHttp(IHttpClientFactory clients, SiteAccess access)
{
    /// <summary>The site.</summary>
    public SiteAccess Access => access;

    /// <summary>Reads JSON. Repeated by the pipeline.</summary>
    public Task<JsonDocument> GetAsync(FormattableString path, string what, CancellationToken cancellationToken) =>
        JsonAsync(() => Request(HttpMethod.Get, path), what, cancellationToken);

    /// <summary>Reads by POST. Repeated by the pipeline.</summary>
    public Task<JsonDocument> QueryAsync(FormattableString path, JsonNode body, string what, CancellationToken cancellationToken) => JsonAsync(
        () =>
        {
            var request = Request(HttpMethod.Post, path, body);
            request.Options.Set(JiraPipeline.OnlyReads, true);
            return request;
        },
        what,
        cancellationToken);

    /// <summary>Writes, once, and reads what the site answers.</summary>
    public Task<JsonDocument> WriteAsync(HttpMethod method, FormattableString path, JsonNode? body, string what, CancellationToken cancellationToken) =>
        JsonAsync(() => Request(method, path, body), what, cancellationToken);

    /// <summary>Writes, once; an answer's body is of no interest.</summary>
    public async Task SendAsync(HttpMethod method, FormattableString path, JsonNode? body, string what, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(Request(method, path, body), what, cancellationToken);
    }

    /// <summary>Sends a request that was built by <see cref="Request"/>; the caller disposes the answer.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, string what, CancellationToken cancellationToken)
    {
        using (request)
        {
            HttpResponseMessage response;
            try
            {
                using var client = clients.CreateClient(JiraPipeline.ClientName);
                response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            }
            catch (Exception error) when (!cancellationToken.IsCancellationRequested)
            {
                throw Unanswered(error, what);
            }

            if (response.IsSuccessStatusCode) return response;
            using (response)
            {
                var refusal = JiraErrors.From(response, await response.Content.ReadAsStringAsync(cancellationToken), what, access);
                if (refusal.Failure == JiraFailure.NotFound && IsAboutATicket(request)) await ConfirmLoginAsync(what, cancellationToken);
                throw refusal;
            }
        }
    }

    /// <summary>A request to the site. Every value in the path is escaped; a value that would change the path is refused.</summary>
    public HttpRequestMessage Request(HttpMethod method, FormattableString path, JsonNode? body = null)
    {
        var request = new HttpRequestMessage(method, access.ApiRoot + RoutePath.Of(path));
        request.Options.Set(JiraPipeline.Site, access.ApiRoot);
        request.Headers.Authorization = Credentials();
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (body is not null) request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        return request;
    }

    private static bool IsAboutATicket(HttpRequestMessage request) =>
        request.RequestUri?.AbsolutePath.Contains("/issue/", StringComparison.Ordinal) == true;

    // A ticket is not found when it is gone, and when the site does not know who asks. The own account is there for whoever is logged in.
    private async Task ConfirmLoginAsync(string what, CancellationToken cancellationToken)
    {
        try
        {
            using var own = await SendAsync(Request(HttpMethod.Get, $"/rest/api/2/myself"), $"{what} was not found, and reading the own account", cancellationToken);
        }
        catch (JiraException error) when (!error.IsTransient && error.Failure is not (JiraFailure.Unauthorized or JiraFailure.Captcha))
        {
            // What else may be wrong with that resource says nothing about the login.
        }
    }

    private AuthenticationHeaderValue Credentials() => access.Email.Length == 0
        ? new AuthenticationHeaderValue("Bearer", access.Token)
        : new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{access.Email}:{access.Token}")));

    private async Task<JsonDocument> JsonAsync(Func<HttpRequestMessage> request, string what, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(request(), what, cancellationToken);
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            return await JsonDocument.ParseAsync(stream, new JsonDocumentOptions { MaxDepth = 256 }, cancellationToken);
        }
        catch (JsonException)
        {
            throw JiraErrors.NotJson(response, what, access);
        }
    }

    private JiraException Unanswered(Exception error, string what)
    {
        // A refused circuit or budget means that nothing was sent.
        if (error is BrokenCircuitException or RateLimiterRejectedException)
        {
            return new JiraException($"{what} was not sent: {access.Site} failed too often just now; the next try comes by itself.", error)
            {
                Failure = JiraFailure.Unavailable,
                IsTransient = true,
            };
        }

        var reason = error switch
        {
            TimeoutRejectedException => $"no answer within {access.RequestTimeout.TotalSeconds:0.#} s (Jira__RequestTimeout)",
            HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => $"its name does not resolve; check {access.Settings}__BaseUrl and DNS",
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => "the TLS handshake failed; check the certificate and the clock",
            HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => $"nothing answers there; check {access.Settings}__BaseUrl and the network",
            HttpRequestException or SocketException or IOException => "the connection was lost",
            _ => error.GetType().Name,
        };
        Debug.Assert(error is not JiraException, "Site answers are classified before this point.");
        return new JiraException($"{what} failed: {access.Site} could not be reached: {reason}.", error)
        {
            Failure = JiraFailure.Unreachable,
            IsTransient = true,
            OutcomeUnknown = !IsNeverSent(error),
        };
    }

    private static bool IsNeverSent(Exception error) => error is HttpRequestException
    {
        HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError or HttpRequestError.ConnectionError,
    };
}
