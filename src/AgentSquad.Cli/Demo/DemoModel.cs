using System.CommandLine;

namespace AgentSquad.Cli.Demo;

/// <summary>The language model that a demo's squad uses, as its options name it; nothing of it comes from the environment but the key, by name.</summary>
internal sealed class DemoModel
{
    private static readonly Dictionary<string, string> Providers = new(StringComparer.OrdinalIgnoreCase)
    {
        ["offline"] = "Offline", ["openai"] = "OpenAI", ["azure-openai"] = "AzureOpenAI", ["anthropic"] = "Anthropic", ["openai-compatible"] = "OpenAICompatible",
    };

    private readonly Option<string?> _provider = new("--provider")
    {
        Description = $"Let a language model be the squad: {string.Join(", ", Providers.Keys)}. Default is offline rules, without a model", HelpName = "name",
    };

    private readonly Option<string?> _endpoint = new("--endpoint")
    {
        Description = "Base address of the model service, such as http://127.0.0.1:11434/v1 for any OpenAI-compatible server", HelpName = "url",
    };

    private readonly Option<string?> _model = new("--model") { Description = "The model, or the deployment on Azure", HelpName = "name" };

    private readonly Option<string?> _key = new("--api-key-env") { Description = "Environment variable that holds the service's key", HelpName = "variable" };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _provider, _endpoint, _model, _key }) command.Add(option);
    }

    /// <summary>The app's settings that the options stand for.</summary>
    /// <exception cref="CliException">They do not fit together; the message names the option.</exception>
    public IReadOnlyDictionary<string, string> Read(ParseResult parsed) =>
        Settings(parsed.GetValue(_provider), parsed.GetValue(_endpoint), parsed.GetValue(_model), parsed.GetValue(_key), Environment.GetEnvironmentVariable);

    /// <summary>The app's settings that the options stand for.</summary>
    internal static IReadOnlyDictionary<string, string> Settings(string? provider, string? endpoint, string? model, string? keyVariable, Func<string, string?> environment)
    {
        if (!Providers.TryGetValue(provider ?? "offline", out var name)) throw new CliException($"--provider '{provider}' is not known: use {string.Join(", ", Providers.Keys)}.");
        var settings = new Dictionary<string, string> { ["Agents__Provider"] = name };
        if (name == "Offline")
        {
            return endpoint is null && model is null && keyVariable is null
                ? settings
                : throw new CliException("--endpoint, --model and --api-key-env go with a model: add --provider openai, for example.");
        }

        if (string.IsNullOrWhiteSpace(model)) throw new CliException("--provider needs --model, the name of the model.");
        settings["Agents__Model"] = model;
        // Another address than OpenAI's own is a server that speaks its language.
        if (name == "OpenAI" && endpoint is not null && !endpoint.Contains("api.openai.com", StringComparison.OrdinalIgnoreCase)) settings["Agents__Provider"] = "OpenAICompatible";
        if (endpoint is not null) settings["Agents__Endpoint"] = endpoint;
        else if (settings["Agents__Provider"] is "OpenAICompatible" or "AzureOpenAI") throw new CliException($"--provider {provider} needs --endpoint, the address of the service.");
        if (keyVariable is not null)
        {
            settings["Agents__ApiKey"] = environment(keyVariable) is { Length: > 0 } key ? key : throw new CliException($"--api-key-env: the environment variable {keyVariable} is not set.");
        }
        else if (settings["Agents__Provider"] != "OpenAICompatible")
        {
            throw new CliException($"--provider {provider} needs --api-key-env, the name of the environment variable with your key.");
        }

        return settings;
    }
}
