using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using AgentSquad.Atlassian.Adf;
using AgentSquad.Cli.Demo;
using AgentSquad.Cli.LocalSystem;
using AgentSquad.EndToEnd.Tests.Support;

namespace AgentSquad.EndToEnd.Tests.Scenarios;

/// <summary>A system in which <c>squad demo --scenario all --json --keep</c> has played, left running for everyone who looks at it.</summary>
public sealed class PlayedScenarios : IAsyncLifetime, IDisposable
{
    private readonly SquadCli _cli = new(("Squad__TriggerLabel", "not-this-one"), ("Squad__Approval__Mode", "Always"));

    internal HttpClient Http { get; } = LocalHttp.Create();

    internal CommandResult Result { get; private set; } = new(-1, "", "");

    internal SystemFile System => SystemFile.Require(_cli.State);

    internal HostKeys Keys => HostKeys.Require(System.KeysFile);

    internal FunctionAppClient Runs => new(Http, AppAccess.Of(System));

    internal SandboxTickets As(SandboxAccount person) => new(Http, System.Sandbox!, person);

    // The command gives up before the test does, because it can say what was not over.
    public async Task InitializeAsync() => Result = await _cli.RunAsync("demo", "--scenario", "all", "--json", "--keep", "--timeout", "130");

    public async Task DisposeAsync() => await _cli.DisposeAsync();

    public void Dispose() => Http.Dispose();

    /// <summary>Kinds of everything that the squad's account wrote on a ticket, oldest first; <c>none</c> for what it has not marked.</summary>
    internal async Task<IReadOnlyList<string>> KindsAsync(string key) =>
    [
        .. (await CommentsAsync(key)).Where(comment => comment.Author == SandboxAccount.Bot.AccountId)
            .Select(comment => comment.Mark?["kind"]?.GetValue<string>() ?? "none"),
    ];

    /// <summary>Everything on a ticket that the reporter may read, oldest first.</summary>
    internal async Task<IReadOnlyList<SeenComment>> CommentsAsync(string key)
    {
        var page = await SendAsync(HttpMethod.Get, $"issue/{key}/comment?expand=properties&maxResults=100", body: null);
        return
        [
            .. page["comments"]!.AsArray().Select(comment => new SeenComment(
                comment!["id"]!.GetValue<string>(),
                comment["author"]!["accountId"]!.GetValue<string>(),
                comment["body"]!.ToJsonString(),
                comment["properties"]!.AsArray().FirstOrDefault(property => property!["key"]!.GetValue<string>() == "agentsquad")?["value"]?.AsObject(),
                comment["visibility"]?["value"]?.GetValue<string>())),
        ];
    }

    /// <summary>Writes a comment as the reporter that only those with a role may read.</summary>
    internal Task AddRestrictedCommentAsync(string key, string markdown, string role) => SendAsync(
        HttpMethod.Post, $"issue/{key}/comment", new JsonObject
        {
            ["body"] = AdfMarkdown.FromMarkdown(markdown), ["visibility"] = new JsonObject { ["type"] = "role", ["value"] = role },
        });

    /// <summary>The description of a ticket, as JSON.</summary>
    internal async Task<string> DescriptionAsync(string key) =>
        (await SendAsync(HttpMethod.Get, $"issue/{key}?fields=description", body: null))["fields"]!["description"]?.ToJsonString() ?? "";

    private async Task<JsonNode> SendAsync(HttpMethod method, string path, JsonObject? body)
    {
        using var request = new HttpRequestMessage(method, new Uri($"{System.Sandbox}/rest/api/3/{path}"));
        var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{SandboxAccount.Reporter.Email}:{SandboxAccount.Reporter.ApiToken}"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", credentials);
        if (body is not null) request.Content = JsonContent.Create(body);
        using var response = await Http.SendAsync(request);
        return JsonNode.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync())!;
    }

    /// <summary>A comment as the reporter sees it.</summary>
    /// <param name="Id">Its id.</param>
    /// <param name="Author">Account id of who wrote it.</param>
    /// <param name="Body">What it says, as JSON.</param>
    /// <param name="Mark">The mark of the app's own comments; null when it has none.</param>
    /// <param name="Role">Who may read it; null for everyone.</param>
    internal sealed record SeenComment(string Id, string Author, string Body, JsonObject? Mark, string? Role);
}
