using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentSquad.Atlassian.Webhooks;
using AgentSquad.Cli;
using AgentSquad.Cli.Demo;
using AgentSquad.Cli.Demo.Scenarios;
using AgentSquad.Cli.LocalSystem;
using AgentSquad.TestSupport;
using Azure.Storage.Queues;

namespace AgentSquad.EndToEnd.Tests.Support;

/// <summary>Azurite, sandbox and function app as processes of a test, with a proxy between app and sandbox.</summary>
internal sealed class LocalSite : IAsyncDisposable
{
    /// <summary>The webhook's secret.</summary>
    public const string Secret = "the-webhook-secret";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("squad-site-");
    private readonly Dictionary<string, string> _environment = ChildEnvironment.Minimal();
    private ManagedProcess? _sandbox;
    private ManagedProcess? _app;
    private int _port;

    private LocalSite(AzuriteProcess azurite, GatedProxy proxy)
    {
        Azurite = azurite;
        Proxy = proxy;
    }

    public AzuriteProcess Azurite { get; }

    public GatedProxy Proxy { get; }

    public HttpClient Http { get; } = LocalHttp.Create();

    /// <summary>Base address of the function app.</summary>
    public string AppUrl => _app!.Url;

    /// <summary>The site as the app knows it.</summary>
    public string JiraUrl => Proxy.Url;

    /// <summary>The reporter's view of the sandbox.</summary>
    public SandboxTickets Tickets => new(Http, _sandbox!.Url, SandboxAccount.Reporter);

    /// <summary>The app's HTTP API.</summary>
    public FunctionAppClient Runs => new(Http, AppAccess.Of(AppUrl, KeysFile));

    /// <summary>The site as scenarios play in it.</summary>
    public ScenarioSite Scenarios => new(Http, _sandbox!.Url, AppUrl, Secret, Azurite.ConnectionString);

    /// <summary>What the app said since its latest start.</summary>
    public string AppLog => _app?.Said ?? "";

    private string KeysFile => Path.Combine(_folder.FullName, "host-keys.json");

    /// <summary>Starts everything.</summary>
    /// <param name="webhooks">Whether the sandbox sends webhooks; otherwise only what a test posts reaches the app.</param>
    /// <param name="settings">Settings of the app; <c>{jira}</c> in a value is the site's address.</param>
    public static async Task<LocalSite> StartAsync(bool webhooks, params (string Name, string Value)[] settings)
    {
        var azurite = AzuriteProcess.StartAsync();
        var site = new LocalSite(await azurite, await GatedProxy.StartAsync());
        try
        {
            await site.StartSandboxAsync();
            site.Configure(settings);
            await site.StartAppAsync();
            if (webhooks) await SandboxAdmin.SetWebhookAsync(site.Http, site._sandbox!.Url, site.AppUrl + "/api/jira/webhook", Secret, default);
            return site;
        }
        catch
        {
            await site.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the function app, on the same port each time.</summary>
    public async Task StartAppAsync()
    {
        _app = await ManagedProcess.StartAsync(BuildInfo.Dotnet, BuildInfo.FunctionApp, ["--port", $"{_port}"], _environment, _folder.FullName);
        _port = new Uri(_app.Url).Port;
        await FunctionAppClient.WaitUntilHealthyAsync(Http, AppUrl, SquadCli.Timeout, default);
    }

    /// <summary>kill -9 of the function app.</summary>
    public async Task KillAppAsync()
    {
        await _app!.DisposeAsync();
        _app = null;
    }

    /// <summary>Starts the function app anew with these settings and no others.</summary>
    public async Task RestartAppAsync(params (string Name, string Value)[] settings)
    {
        await KillAppAsync();
        Configure(settings);
        await StartAppAsync();
    }

    /// <summary>Waits until a ticket's run has ended.</summary>
    public async Task<TicketRun> WaitForEndAsync(string ticket)
    {
        TicketRun? run = null;
        await Eventually.HoldsAsync(
            async () => (run = await Runs.FindAsync(ticket, default))?.HasEnded == true,
            () => $"The run of {ticket} is in {run?.Stage ?? "no stage"}.\n{AppLog}");
        return run!;
    }

    /// <summary>Waits until the app has worked off its queue.</summary>
    public Task QueueIsEmptyAsync() => Eventually.HoldsAsync(async () => await CountQueueAsync() == 0);

    /// <summary>Events that wait or are being processed.</summary>
    public async Task<int> CountQueueAsync()
    {
        var queue = new QueueClient(Azurite.ConnectionString, "jira-events");
        return await queue.ExistsAsync() ? (await queue.GetPropertiesAsync()).Value.ApproximateMessagesCount : 0;
    }

    /// <summary>Posts to the webhook endpoint.</summary>
    /// <param name="body">The body.</param>
    /// <param name="signature">The signature; <c>null</c> signs rightly, empty sends none.</param>
    /// <param name="identifier">The delivery identifier.</param>
    /// <param name="method">The method; POST by default.</param>
    public async Task<HttpResponseMessage> PostWebhookAsync(byte[] body, string? signature = null, string? identifier = null, HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Post, new Uri(AppUrl + "/api/jira/webhook"));
        if (request.Method != HttpMethod.Get)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        signature ??= WebhookSigner.Sign(body, Secret);
        if (signature.Length > 0) request.Headers.TryAddWithoutValidation(WebhookHeaders.Signature, signature);
        if (identifier is not null) request.Headers.Add(WebhookHeaders.Identifier, identifier);
        return await Http.SendAsync(request);
    }

    /// <summary>The event that Jira sends when the trigger label is added to a ticket.</summary>
    public byte[] LabelAdded(string issueId, string key) => Encoding.UTF8.GetBytes(new JsonObject
    {
        ["timestamp"] = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
        ["webhookEvent"] = "jira:issue_updated",
        ["issue"] = new JsonObject { ["id"] = issueId, ["key"] = key, ["self"] = $"{JiraUrl}/rest/api/2/issue/{issueId}" },
        ["changelog"] = new JsonObject
        {
            ["items"] = new JsonArray(new JsonObject { ["field"] = "labels", ["fromString"] = "other", ["toString"] = "other agentsquad" }),
        },
    }.ToJsonString());

    /// <summary>Names of the statuses that a ticket was moved to, oldest first.</summary>
    public async Task<IEnumerable<string>> GetStatusesEnteredAsync(string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"{_sandbox!.Url}/rest/api/3/issue/{key}?fields=status&expand=changelog"));
        var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{SandboxAccount.Reporter.Email}:{SandboxAccount.Reporter.ApiToken}"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", credentials);
        using var response = await Http.SendAsync(request);
        using var issue = JsonDocument.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync());
        return
        [
            .. issue.RootElement.GetProperty("changelog").GetProperty("histories").EnumerateArray()
                .OrderBy(h => long.Parse(h.GetProperty("id").GetString()!))
                .SelectMany(h => h.GetProperty("items").EnumerateArray())
                .Where(i => i.GetProperty("field").GetString() == "status")
                .Select(i => i.GetProperty("toString").GetString()!),
        ];
    }

    /// <summary>What a person sees on a ticket.</summary>
    public Task<string> ReadTicketAsync(string issueId) => TicketView.ReadAsync(Http, _sandbox!.Url, issueId);

    /// <summary>Writes a comment as the reporter.</summary>
    public Task CommentAsync(string key, string text) => RestAsync($"2/issue/{key}/comment", new JsonObject { ["body"] = text });

    /// <summary>Attaches a file as the reporter.</summary>
    public async Task AttachAsync(string key, string fileName, byte[] content, string type = "text/plain")
    {
        using var file = new ByteArrayContent(content);
        file.Headers.ContentType = new MediaTypeHeaderValue(type);
        using var form = new MultipartFormDataContent { { file, "file", fileName } };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"{_sandbox!.Url}/rest/api/3/issue/{key}/attachments")) { Content = form };
        request.Headers.Add("X-Atlassian-Token", "no-check");
        (await SendAsReporterAsync(request)).Dispose();
    }

    /// <summary>Asks the sandbox's REST API, as the reporter.</summary>
    /// <param name="path">Path below <c>/rest/api/</c>.</param>
    /// <param name="body">What to post; null for a GET.</param>
    public async Task<byte[]> RestAsync(string path, JsonObject? body = null)
    {
        using var request = new HttpRequestMessage(body is null ? HttpMethod.Get : HttpMethod.Post, new Uri($"{_sandbox!.Url}/rest/api/{path}"));
        if (body is not null) request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var response = await SendAsReporterAsync(request);
        return await response.Content.ReadAsByteArrayAsync();
    }

    /// <summary>The REST requests that the sandbox has seen: method, path, status, account.</summary>
    public async Task<JsonDocument> RequestsAsync() => JsonDocument.Parse(await Http.GetByteArrayAsync(new Uri($"{_sandbox!.Url}/sandbox/requests")));

    /// <summary>Creates a project in the sandbox.</summary>
    public Task AddProjectAsync(string key) => SandboxAdmin.AddProjectAsync(Http, _sandbox!.Url, key, default);

    /// <summary>Extends a ticket's budget as an operator.</summary>
    public async Task ExtendAsync(string key, decimal amount)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"{AppUrl}/api/tickets/{key}/commands/extend"));
        request.Headers.Add("x-functions-key", FunctionKey);
        request.Content = new StringContent(new JsonObject { ["amount"] = amount }.ToJsonString(), Encoding.UTF8, "application/json");
        using var response = await Http.SendAsync(request);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>The app's default function key.</summary>
    public string FunctionKey => HostKeys.Require(KeysFile).DefaultFunctionKey;

    private async Task<HttpResponseMessage> SendAsReporterAsync(HttpRequestMessage request)
    {
        var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{SandboxAccount.Reporter.Email}:{SandboxAccount.Reporter.ApiToken}"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", credentials);
        var response = await Http.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode, $"{request.RequestUri}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        return response;
    }

    /// <summary>Creates a ticket in the sandbox without a webhook.</summary>
    public async Task SeedAsync(string issueId, string key, string summary)
    {
        var fields = new JsonObject { ["summary"] = summary, ["description"] = "Add it.\n\nh2. Acceptance criteria\n* It is there." };
        await SandboxAdmin.SeedAsync(Http, _sandbox!.Url, new JsonObject { ["id"] = issueId, ["key"] = key, ["fields"] = fields }, default);
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null) await _app.DisposeAsync();
        if (_sandbox is not null) await _sandbox.DisposeAsync();
        await Proxy.DisposeAsync();
        await Azurite.DisposeAsync();
        Http.Dispose();
        _folder.Delete(recursive: true);
    }

    private async Task StartSandboxAsync()
    {
        var environment = ChildEnvironment.Minimal();
        environment["Sandbox__BaseUrl"] = Proxy.Url;
        environment["Sandbox__Webhook__RetryDelays"] = "0.2,0.5,1,2,4,8,15,30";
        _sandbox = await ManagedProcess.StartAsync(BuildInfo.Dotnet, BuildInfo.JiraSandbox, ["--port", "0"], environment, _folder.FullName);
        Proxy.Target = _sandbox.Url;
    }

    private void Configure((string Name, string Value)[] settings)
    {
        _environment.Clear();
        foreach (var (name, value) in ChildEnvironment.Minimal()) _environment[name] = value;
        _environment["AzureWebJobsStorage"] = Azurite.ConnectionString;
        _environment["EmbeddedHost__KeysFile"] = KeysFile;
        _environment["Jira__BaseUrl"] = JiraUrl;
        _environment["Jira__Email"] = SandboxAccount.Bot.Email;
        _environment["Jira__ApiToken"] = SandboxAccount.Bot.ApiToken;
        _environment["Jira__WebhookSecret"] = Secret;
        foreach (var (name, value) in settings) _environment[name] = value.Replace("{jira}", JiraUrl, StringComparison.Ordinal);
    }
}
