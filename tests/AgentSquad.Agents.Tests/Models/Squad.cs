using AgentSquad.Agents.Tests.Offline;
using AgentSquad.Core.Squad;
using AgentSquad.TestSupport.Models;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AgentSquad.Agents.Tests.Models;

/// <summary>A squad of models as the app registers it, with a model server behind the providers' own libraries.</summary>
internal sealed class Squad : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private Squad(ModelServer server, ServiceProvider services) => (Server, _services) = (server, services);

    public ModelServer Server { get; }

    public ISquadAgents Agents => Get<ISquadAgents>();

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public static Task<Squad> StartAsync(Func<ModelRequest, ModelReply> brain, params (string Name, string Value)[] settings) =>
        StartAsync(AgentsProvider.OpenAI, brain, settings);

    public static async Task<Squad> StartAsync(AgentsProvider provider, Func<ModelRequest, ModelReply> brain, params (string Name, string Value)[] settings)
    {
        var server = await ModelServer.StartAsync(brain);
        return new Squad(server, Build(provider, server, settings).BuildServiceProvider());
    }

    public static IServiceCollection Build(AgentsProvider provider, ModelServer server, params (string Name, string Value)[] settings)
    {
        var values = new Dictionary<string, string?>
        {
            ["Agents:Provider"] = provider.ToString(),
            ["Agents:Model"] = "model-a",
            ["Agents:ApiKey"] = "the-key-of-the-tests",
            ["Agents:Endpoint"] = provider switch
            {
                AgentsProvider.Anthropic or AgentsProvider.AzureOpenAI => server.Url,
                _ => server.OpenAIUrl,
            },
            ["Agents:FirstPause"] = "00:00:00.01",
        };
        foreach (var (name, value) in settings) values[name] = value;
        return new ServiceCollection().AddSquadAgents(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
    }

    public Task<TriageResult> TriageAsync(string key = "run/triage/1", CancellationToken cancellationToken = default) =>
        Agents.TriageAsync(Step(key, SquadRole.ProjectManager), new TriageRequest(Tickets.Export(), []), cancellationToken);

    public static AgentStep Step(string key, SquadRole role = SquadRole.TechLead) => new("jira-00000000-10001", key, role);

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Server.DisposeAsync();
    }
}
