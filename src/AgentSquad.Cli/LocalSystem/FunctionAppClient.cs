using System.Net;
using System.Net.Http.Json;

namespace AgentSquad.Cli.LocalSystem;

/// <summary>The function app's HTTP API.</summary>
internal sealed class FunctionAppClient(HttpClient http, AppAccess app)
{
    private const string Continuation = "x-ms-continuation-token";
    private const int PageSize = 500;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Waits until <c>/api/health</c> says that the app works.</summary>
    /// <exception cref="CliException">It does not in time.</exception>
    public static async Task WaitUntilHealthyAsync(HttpClient http, string baseUrl, TimeSpan timeout, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout);
        AppHealth? health = null;
        try
        {
            while (health?.Status != "healthy")
            {
                if (health is not null) await Task.Delay(Pause, limit.Token);
                health = await GetHealthAsync(http, baseUrl, limit.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new CliException($"The function app at {baseUrl} is not healthy after {timeout.TotalSeconds:0} s: {health?.Status ?? "no answer"}.");
        }
    }

    /// <summary>Reads <c>/api/health</c>; an app that does not answer is <c>unreachable</c>.</summary>
    public static async Task<AppHealth> GetHealthAsync(HttpClient http, string baseUrl, CancellationToken cancellation)
    {
        try
        {
            using var response = await http.GetAsync(new Uri($"{baseUrl}/api/health"), cancellation);
            return await response.Content.ReadFromJsonAsync<AppHealth>(cancellation) ?? new AppHealth("unreachable");
        }
        catch (Exception exception) when (exception is HttpRequestException or System.Text.Json.JsonException)
        {
            return new AppHealth("unreachable");
        }
    }

    /// <summary>All tickets that have a run, page by page.</summary>
    /// <exception cref="CliException">The app does not take the key.</exception>
    public async Task<IReadOnlyList<TicketRun>> ListAsync(CancellationToken cancellation)
    {
        var runs = new List<TicketRun>();
        string? next = null;
        do
        {
            using var response = await SendAsync($"/api/tickets?pageSize={PageSize}", cancellation, next);
            runs.AddRange(await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<List<TicketRun>>(cancellation) ?? []);
            next = response.Headers.TryGetValues(Continuation, out var values) ? values.FirstOrDefault() : null;
        }
        while (!string.IsNullOrEmpty(next));
        return runs;
    }

    /// <summary>The run of a ticket, or null when it has none yet.</summary>
    /// <exception cref="CliException">The app does not take the key.</exception>
    public async Task<TicketRun?> FindAsync(string ticket, CancellationToken cancellation)
    {
        using var response = await SendAsync($"/api/tickets/{Uri.EscapeDataString(ticket)}", cancellation);
        return response.StatusCode == HttpStatusCode.NotFound
            ? null
            : await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<TicketRun>(cancellation);
    }

    private async Task<HttpResponseMessage> SendAsync(string path, CancellationToken cancellation, string? page = null)
    {
        using var request = AppAccess.Get(app.Address + path, app.FunctionKey);
        if (page is not null) request.Headers.TryAddWithoutValidation(Continuation, page);
        return app.Accepted(await http.SendAsync(request, cancellation));
    }
}
