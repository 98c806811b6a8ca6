using System.ClientModel;
using System.ClientModel.Primitives;
using System.Collections.Concurrent;
using Anthropic;
using Anthropic.Core;
using Azure.Identity;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenAI;
using OpenAI.Chat;

namespace AgentSquad.Agents.Models;

/// <summary>Makes the clients with the providers' own libraries. Their retries are off: the squad counts and pays for every try itself.</summary>
internal sealed class ProviderClients : IModelClients, IDisposable
{
    private const string AzureScope = "https://cognitiveservices.azure.com/.default";

    private readonly AgentsOptions _options;
    private readonly ILoggerFactory _logs;
    private readonly SocketsHttpHandler _sockets = new() { PooledConnectionLifetime = TimeSpan.FromMinutes(5), ConnectTimeout = TimeSpan.FromSeconds(15) };
    private readonly ModelHttpHandler _handler;
    private readonly HttpClient _http;
    private readonly ConcurrentDictionary<string, IChatClient> _clients = new(StringComparer.Ordinal);

    /// <summary>Makes no call.</summary>
    public ProviderClients(IOptions<AgentsOptions> options, TimeProvider time, ILoggerFactory logs)
    {
        (_options, _logs) = (options.Value, logs);
        _handler = new ModelHttpHandler(_sockets, time, _options.Provider == AgentsProvider.OpenAICompatible);
        _http = new HttpClient(_handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <inheritdoc />
    public IChatClient For(string model) => _clients.GetOrAdd(model, Create);

    public void Dispose()
    {
        foreach (var client in _clients.Values) client.Dispose();
        _http.Dispose();
        _handler.Dispose();
        _sockets.Dispose();
    }

    private IChatClient Create(string model)
    {
        var client = _options.Provider switch
        {
            AgentsProvider.Anthropic => Anthropic(model),
            AgentsProvider.AzureOpenAI => Azure(model),
            _ => OpenAI(model),
        };
        return client.AsBuilder().UseOpenTelemetry(_logs, AgentTelemetry.ModelSource, telemetry => telemetry.EnableSensitiveData = TracesPrompts).Build();
    }

    // Prompts hold what people wrote: they are traced only where someone asked for the finest log.
    private bool TracesPrompts => _logs.CreateLogger("AgentSquad.Agents.Prompts").IsEnabled(LogLevel.Trace);

    private IChatClient OpenAI(string model)
    {
        var key = _options.ApiKey.Length > 0 ? _options.ApiKey : "none";
        return new ChatClient(model, new ApiKeyCredential(key), Settings(_options.Endpoint)).AsIChatClient();
    }

    private IChatClient Azure(string model)
    {
        var address = _options.Endpoint.TrimEnd('/');
        var settings = Settings(address.EndsWith("/openai/v1", StringComparison.OrdinalIgnoreCase) ? address : address + "/openai/v1");
        if (!_options.UseManagedIdentity) return new ChatClient(model, new ApiKeyCredential(_options.ApiKey), settings).AsIChatClient();
        var identity = new DefaultAzureCredential(new DefaultAzureCredentialOptions
        {
            ManagedIdentityClientId = _options.ManagedIdentityClientId.Length > 0 ? _options.ManagedIdentityClientId : null,
        });
#pragma warning disable OPENAI001 // The only way to an identity; the library marks it as new.
        return new ChatClient(model, new BearerTokenPolicy(identity, AzureScope), settings).AsIChatClient();
#pragma warning restore OPENAI001
    }

    private IChatClient Anthropic(string model)
    {
        var settings = new ClientOptions { ApiKey = _options.ApiKey, HttpClient = _http, MaxRetries = 0, Timeout = _options.Timeout + TimeSpan.FromMinutes(1) };
        if (_options.Endpoint.Length > 0) settings = settings with { BaseUrl = _options.Endpoint.TrimEnd('/') };
#pragma warning disable CA2000 // The chat client owns it from here on, and holds nothing but the shared HttpClient.
        return new AnthropicClient(settings).AsIChatClient(model, _options.MaxOutputTokens);
#pragma warning restore CA2000
    }

    private OpenAIClientOptions Settings(string endpoint)
    {
        var settings = new OpenAIClientOptions
        {
            Transport = new HttpClientPipelineTransport(_http),
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
            NetworkTimeout = Timeout.InfiniteTimeSpan,
        };
        if (endpoint.Length > 0) settings.Endpoint = new Uri(endpoint);
        return settings;
    }
}
