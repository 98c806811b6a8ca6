using AgentSquad.Agents.Budgets;
using AgentSquad.Agents.Models;
using AgentSquad.Agents.Tools;

namespace AgentSquad.Agents;

/// <summary>Settings of the agents, section <c>Agents</c> (<c>Agents__Provider</c> and so on in the environment).</summary>
public sealed class AgentsOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Agents";

    /// <summary>What answers for the agents. Default is <see cref="AgentsProvider.Offline"/>.</summary>
    public AgentsProvider Provider { get; set; } = AgentsProvider.Offline;

    /// <summary>Name of the model, or of the deployment on Azure. Required unless the provider is Offline.</summary>
    public string Model { get; set; } = "";

    /// <summary>Model of the same provider that answers while <see cref="Model"/> does not. Empty (default) for none.</summary>
    public string FallbackModel { get; set; } = "";

    /// <summary>
    /// Base address of the service. Required for AzureOpenAI (<c>https://NAME.openai.azure.com</c>) and OpenAICompatible (such as
    /// <c>http://127.0.0.1:11434/v1</c>); empty means the provider's own for OpenAI and Anthropic.
    /// </summary>
    public string Endpoint { get; set; } = "";

    /// <summary>Key of the service. Secret. May be empty for OpenAICompatible, and for AzureOpenAI with <see cref="UseManagedIdentity"/>.</summary>
    public string ApiKey { get; set; } = "";

    /// <summary>Whether AzureOpenAI is called with the identity of the process instead of a key. Default is false.</summary>
    public bool UseManagedIdentity { get; set; }

    /// <summary>Client id of a user-assigned identity; empty (default) for the one that the process has.</summary>
    public string ManagedIdentityClientId { get; set; } = "";

    /// <summary>Longest time for one answer. Default is 5 minutes; one second to one hour.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How often one question is sent before the fallback model or a later try of the whole step has its turn. Default is 3; 1 to 10.</summary>
    public int Attempts { get; set; } = 3;

    /// <summary>Pause before a question is sent again when the service names none; doubles each time. Default is 1 s; a minute at most.</summary>
    public TimeSpan FirstPause { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest pause that a service may ask for (<c>Retry-After</c>) within a step; longer ones are waited out by the run. Default is 30 s.</summary>
    public TimeSpan LongestPause { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a model that keeps failing is left alone. Default is 30 s; half a second to one hour.</summary>
    public TimeSpan BreakDuration { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether answers are streamed. Default is false.</summary>
    public bool Streaming { get; set; }

    /// <summary>Most tokens of one answer, for roles that do not say. Default is 8,000; 100 to 200,000.</summary>
    public int MaxOutputTokens { get; set; } = 8_000;

    /// <summary>Most tokens of one question, by a careful estimate; what does not fit is left out by priority. Default is 60,000; 2,000 to 2,000,000.</summary>
    public int ContextTokens { get; set; } = 60_000;

    /// <summary>Folder with Markdown files that replace the built-in roles of the same file name; empty (default) for none.</summary>
    public string RolesFolder { get; set; } = "";

    /// <summary>What single roles do differently, by role name, such as <c>Agents__Roles__TechLead__Model</c>.</summary>
    public Dictionary<string, RoleOptions> Roles { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What models cost, such as <c>Agents__Prices__0__Model</c>, <c>__Input</c> and <c>__Output</c>.</summary>
    public IList<ModelPrice> Prices { get; } = [];

    /// <summary>What may be spent.</summary>
    public BudgetOptions Budget { get; set; } = new();

    /// <summary>Servers whose tools the roles may use.</summary>
    public McpOptions Mcp { get; set; } = new();
}

/// <summary>What answers for the agents.</summary>
public enum AgentsProvider
{
    /// <summary>Rules without a model: no account, no network, no cost.</summary>
    Offline,

    /// <summary>OpenAI's chat completions.</summary>
    OpenAI,

    /// <summary>A deployment on Azure OpenAI, with a key or a managed identity.</summary>
    AzureOpenAI,

    /// <summary>Anthropic's messages.</summary>
    Anthropic,

    /// <summary>Any server that speaks chat completions, such as Ollama or vLLM.</summary>
    OpenAICompatible,
}
