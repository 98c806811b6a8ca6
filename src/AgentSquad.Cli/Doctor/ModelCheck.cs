using System.Net;
using System.Text.Json;
using AgentSquad.Atlassian.Diagnostics;
using AgentSquad.Cli.Settings;

namespace AgentSquad.Cli.Doctor;

/// <summary>
/// What answers for the agents. Whether its settings are complete is one of the app's own rules; here its address is tried, and it is asked
/// for its list of models, which costs nothing and needs the key.
/// </summary>
internal sealed class ModelCheck(HttpClient http, SquadSettings settings, TimeProvider time)
{
    private const string Check = "model.key";
    private const string ProviderSetting = "Agents__Provider";
    private const string EndpointSetting = "Agents__Endpoint";
    private const string KeySetting = "Agents__ApiKey";
    private const string ModelSetting = "Agents__Model";
    private const string AnthropicVersion = "2023-06-01";

    // Where the providers are when no endpoint is configured; null where one has to be.
    private static readonly Dictionary<string, string?> Homes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["OpenAI"] = "https://api.openai.com/v1", ["Anthropic"] = "https://api.anthropic.com", ["AzureOpenAI"] = null, ["OpenAICompatible"] = null,
    };

    /// <summary>The checks.</summary>
    public IEnumerable<DiagnosticCheck> Checks =>
    [
        new("model.provider", "Looking at the model provider", AddressAsync) { IsGate = true },
        new(Check, "Asking the model provider for its models", KeyAsync),
    ];

    private string Provider => settings.FindText(ProviderSetting) ?? "Offline";

    private async Task<IReadOnlyList<Finding>> AddressAsync(CancellationToken cancellation)
    {
        if (Provider.Equals("Offline", StringComparison.OrdinalIgnoreCase))
        {
            return [Finding.Ok("model.provider", "The squad works by rules; no language model is asked.", ProviderSetting)];
        }

        return Endpoint() is { } address ? await AddressCheck.RunAsync("model", EndpointSetting, address, time, cancellation) : [];
    }

    private async Task<IReadOnlyList<Finding>> KeyAsync(CancellationToken cancellation)
    {
        // Where the process's own identity is the key, only the process can try it.
        if (Endpoint() is not { } address || (bool.TryParse(settings.FindText("Agents__UseManagedIdentity"), out var identity) && identity)) return [];
        using var request = Request(address);
        using var response = await http.SendAsync(request, cancellation);
        var model = settings.FindText(ModelSetting);
        return response.StatusCode switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => [Finding.Error(
                Check, $"{Provider} at {address.Host} does not accept the key ({(int)response.StatusCode}).", $"Set {KeySetting} to a key of {Provider} that is in force.", KeySetting)],
            HttpStatusCode.TooManyRequests => [Finding.Warning(
                Check, $"{Provider} asks for fewer requests (429).", "Wait, or look at the account's limits and credit.", KeySetting)],
            HttpStatusCode.OK when model is not null && await NamesAsync(response, cancellation) is { Count: > 0 } names && !names.Contains(model) => [Finding.Warning(
                Check, $"{Provider} does not list the model {model}.", $"Check {ModelSetting}; listed are, among others, {string.Join(", ", names.Take(5))}.", ModelSetting)],
            HttpStatusCode.OK => [Finding.Ok(Check, $"{Provider} at {address.Host} accepts the key.", KeySetting)],

            // Not every compatible server has a list; the first question will tell.
            _ => [Finding.Ok(Check, $"{Provider} at {address.Host} answers, but lists no models ({(int)response.StatusCode}).", EndpointSetting)],
        };
    }

    // A provider that does not exist and an endpoint that is none are among the app's own complaints.
    private Uri? Endpoint() =>
        Homes.TryGetValue(Provider, out var home) && Uri.TryCreate(settings.FindText(EndpointSetting) ?? home, UriKind.Absolute, out var address)
            && address.Scheme is "http" or "https" ? address : null;

    private HttpRequestMessage Request(Uri endpoint)
    {
        var root = endpoint.AbsoluteUri.TrimEnd('/');
        var key = settings.FindText(KeySetting) ?? "";
        var (path, header, value) = Provider.ToUpperInvariant() switch
        {
            "ANTHROPIC" => ("/v1/models", "x-api-key", key),
            "AZUREOPENAI" => (root.EndsWith("/openai/v1", StringComparison.OrdinalIgnoreCase) ? "/models" : "/openai/v1/models", "api-key", key),
            _ => ("/models", "Authorization", $"Bearer {key}"),
        };
        var request = new HttpRequestMessage(HttpMethod.Get, root + path);
        if (key.Length > 0) request.Headers.TryAddWithoutValidation(header, value);
        if (header == "x-api-key") request.Headers.Add("anthropic-version", AnthropicVersion);
        return request;
    }

    private static async Task<HashSet<string>> NamesAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellation));
            return [.. document.RootElement.GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString() ?? "")];
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return [];
        }
    }
}
