using System.Collections;
using System.Net.Http.Headers;
using System.Text;
using AgentSquad.Atlassian.Confluence;
using AgentSquad.Atlassian.Jira;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AgentSquad.Atlassian.Tests.Live;

/// <summary>
/// A site that is no fake of these tests: a real one as the environment names it, or the sandbox. For a real one the usual variables alone are
/// not enough, because many machines have them set: a test writes only where a variable of its own says so.
/// </summary>
internal sealed class LiveSite : IAsyncDisposable
{
    /// <summary>Key of the project that tests may write in.</summary>
    public const string ProjectVariable = "AGENTSQUAD_LIVE_PROJECT";

    /// <summary>Key of the space that tests may write in.</summary>
    public const string SpaceVariable = "AGENTSQUAD_LIVE_SPACE";

    /// <summary>Name of the issue type of the ticket that is created; <c>Task</c> when not set.</summary>
    public const string IssueTypeVariable = "AGENTSQUAD_LIVE_ISSUE_TYPE";

    private readonly ServiceProvider _services;

    /// <param name="settings">Settings by name, with <c>__</c> or <c>:</c> between levels.</param>
    public LiveSite(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key.Replace("__", ":", StringComparison.Ordinal), setting.Value)))
            .Build();
        _services = new ServiceCollection().AddLogging().AddJira(configuration).AddConfluence(configuration).BuildServiceProvider();
    }

    public IJiraSite Jira => _services.GetRequiredService<IJiraSite>();

    public ISiteEffects Effects => _services.GetRequiredService<ISiteEffects>();

    public IConfluenceClient Confluence => _services.GetRequiredService<IConfluenceClient>();

    public ConfluenceOptions ConfluenceOptions => _services.GetRequiredService<IOptions<ConfluenceOptions>>().Value;

    /// <summary>The site that the environment names.</summary>
    public static LiveSite OfEnvironment() => new(
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().Select(entry => KeyValuePair.Create((string)entry.Key, (string?)entry.Value)));

    /// <summary>A variable's value, or a skipped test that says which one is missing.</summary>
    public static string Require(string variable, string alsoNeeded)
    {
        var value = Environment.GetEnvironmentVariable(variable);
        Skip.If(string.IsNullOrWhiteSpace(value), $"{variable} is not set: with it, and with {alsoNeeded}, this test writes on a real site.");
        return value!.Trim();
    }

    /// <summary>Deletes a page, which the product itself never does.</summary>
    public async Task DeletePageAsync(string id)
    {
        using var http = new HttpClient();
        var path = ConfluenceOptions.Deployment == JiraDeployment.Cloud ? $"/api/v2/pages/{id}" : $"/rest/api/content/{id}";
        using var request = new HttpRequestMessage(HttpMethod.Delete, ConfluenceOptions.ApiRoot + path);
        request.Headers.Authorization = ConfluenceOptions.Email.Length == 0
            ? new AuthenticationHeaderValue("Bearer", ConfluenceOptions.ApiToken)
            : new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{ConfluenceOptions.Email}:{ConfluenceOptions.ApiToken}")));
        using var response = await http.SendAsync(request);
        response.EnsureSuccessStatusCode();
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
