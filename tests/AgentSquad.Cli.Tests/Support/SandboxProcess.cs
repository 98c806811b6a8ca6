using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using AgentSquad.Cli.LocalSystem;

namespace AgentSquad.Cli.Tests.Support;

/// <summary>A Jira sandbox as a process of its own, killed on dispose.</summary>
internal sealed class SandboxProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly HttpClient _http = LocalHttp.Create();

    private SandboxProcess(Process process) => _process = process;

    /// <summary>Its address.</summary>
    public string Url { get; private set; } = "";

    public static async Task<SandboxProcess> StartAsync(string deployment)
    {
        var start = new ProcessStartInfo(BuildInfo.Dotnet, [BuildInfo.JiraSandbox, "--port", "0"]) { RedirectStandardOutput = true, RedirectStandardInput = true };
        start.Environment["Sandbox__Deployment"] = deployment;
        var sandbox = new SandboxProcess(Process.Start(start)!);
        const string Ready = "listening on ";
        using var limit = new CancellationTokenSource(Patience);
        while (sandbox.Url.Length == 0)
        {
            var line = await sandbox._process.StandardOutput.ReadLineAsync(limit.Token) ?? throw new InvalidOperationException("The sandbox ended before it was ready.");
            var at = line.IndexOf(Ready, StringComparison.Ordinal);
            if (at >= 0) sandbox.Url = line[(at + Ready.Length)..].Trim();
        }

        return sandbox;
    }

    /// <summary>Switches a fault on.</summary>
    public async Task FailAsync(object fault) => (await _http.PostAsJsonAsync(new Uri($"{Url}/sandbox/faults"), fault)).EnsureSuccessStatusCode();

    /// <summary>Creates a ticket that an account reports.</summary>
    public async Task SeedAsync(JsonObject issue) => (await _http.PostAsJsonAsync(new Uri($"{Url}/sandbox/issues"), issue)).EnsureSuccessStatusCode();

    /// <summary>Registers a webhook as an administrator does.</summary>
    public async Task RegisterWebhookAsync(string url, string? secret, bool enabled = true)
    {
        var body = new JsonObject { ["name"] = "test", ["url"] = url, ["enabled"] = enabled };
        if (secret is not null) body["secret"] = secret;
        using var request = AsAdministrator(HttpMethod.Post, "/rest/webhooks/1.0/webhook");
        request.Content = JsonContent.Create(body);
        (await _http.SendAsync(request)).EnsureSuccessStatusCode();
    }

    /// <summary>The registered webhooks.</summary>
    public async Task<JsonArray> WebhooksAsync()
    {
        using var request = AsAdministrator(HttpMethod.Get, "/rest/webhooks/1.0/webhook");
        using var response = await _http.SendAsync(request);
        return (await response.Content.ReadFromJsonAsync<JsonArray>())!;
    }

    /// <summary>Removes faults and webhooks.</summary>
    public async Task ResetAsync()
    {
        (await _http.DeleteAsync(new Uri($"{Url}/sandbox/faults"))).EnsureSuccessStatusCode();
        foreach (var webhook in await WebhooksAsync())
        {
            using var request = AsAdministrator(HttpMethod.Delete, new Uri($"{webhook!["self"]}").AbsolutePath);
            (await _http.SendAsync(request)).EnsureSuccessStatusCode();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _http.Dispose();
    }

    private HttpRequestMessage AsAdministrator(HttpMethod method, string path)
    {
        var (email, token) = (SandboxAccount.Reporter.Email, SandboxAccount.Reporter.ApiToken);
        return new HttpRequestMessage(method, new Uri(Url + path))
        {
            Headers = { Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{email}:{token}"))) },
        };
    }
}
