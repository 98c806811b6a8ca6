using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
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

    internal FunctionAppClient Runs => new(Http, System.FunctionApp, Keys.DefaultFunctionKey);

    internal SandboxTickets As(SandboxAccount person) => new(Http, System.Sandbox!, person);

    // The command gives up before the test does, because it can say what was not over.
    public async Task InitializeAsync() => Result = await _cli.RunAsync("demo", "--scenario", "all", "--json", "--keep", "--timeout", "130");

    public async Task DisposeAsync() => await _cli.DisposeAsync();

    public void Dispose() => Http.Dispose();

    /// <summary>Kinds of everything that the squad's account wrote on a ticket, oldest first; <c>none</c> for what it has not marked.</summary>
    internal async Task<IReadOnlyList<string>> KindsAsync(string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"{System.Sandbox}/rest/api/3/issue/{key}/comment?expand=properties&maxResults=100"));
        var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{SandboxAccount.Reporter.Email}:{SandboxAccount.Reporter.ApiToken}"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", credentials);
        using var response = await Http.SendAsync(request);
        using var page = JsonDocument.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync());
        return
        [
            .. page.RootElement.GetProperty("comments").EnumerateArray()
                .Where(comment => comment.GetProperty("author").GetProperty("accountId").GetString() == SandboxAccount.Bot.AccountId)
                .Select(comment => comment.GetProperty("properties").EnumerateArray()
                    .Where(property => property.GetProperty("key").GetString() == "agentsquad")
                    .Select(property => property.GetProperty("value").GetProperty("kind").GetString()!)
                    .FirstOrDefault("none")),
        ];
    }
}
