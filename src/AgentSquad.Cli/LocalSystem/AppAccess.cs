using System.Net;

namespace AgentSquad.Cli.LocalSystem;

/// <summary>A function app to ask, and what opens it.</summary>
/// <param name="Address">Base address, without a trailing slash.</param>
/// <param name="FunctionKey">Opens <c>/api</c>.</param>
/// <param name="ManagementKey">Opens the management endpoints of Durable Functions.</param>
internal sealed record AppAccess(string Address, string FunctionKey, string ManagementKey)
{
    /// <summary>Variable with the key of an app elsewhere unless another one is named.</summary>
    public const string KeyVariable = "SQUAD_KEY";

    /// <summary>The running system's.</summary>
    /// <exception cref="CliException">There are no keys yet.</exception>
    public static AppAccess Of(SystemFile system) => Of(system.FunctionApp, system.KeysFile);

    /// <summary>One on this machine.</summary>
    /// <param name="address">Base address, without a trailing slash.</param>
    /// <param name="keysFile">File with its host's keys.</param>
    /// <exception cref="CliException">There are no keys yet.</exception>
    public static AppAccess Of(string address, string keysFile)
    {
        var keys = HostKeys.Require(keysFile);
        return new AppAccess(address, keys.DefaultFunctionKey, keys.MasterKey);
    }

    /// <summary>One elsewhere, in Azure or on another machine; one key for all.</summary>
    /// <param name="url">What was typed.</param>
    /// <param name="variable">Name of the environment variable with the key.</param>
    /// <param name="environment">Reads a variable.</param>
    /// <exception cref="CliException">The address is none to send a key to, or there is no key.</exception>
    public static AppAccess Elsewhere(string url, string variable, Func<string, string?> environment)
    {
        if (!Uri.TryCreate(url.Trim(), UriKind.Absolute, out var typed) || typed.Scheme is not ("http" or "https")
            || typed.UserInfo.Length > 0 || typed.Query.Length > 0 || typed.Fragment.Length > 0)
        {
            throw new CliException("--url takes the app's base address alone, such as https://func-acme.azurewebsites.net.");
        }

        if (typed.Scheme == Uri.UriSchemeHttp && !typed.IsLoopback)
        {
            throw new CliException($"{typed.Host} is addressed with http, and the key would travel in plain text: use its https address.");
        }

        return environment(variable) is { Length: > 0 } key
            ? new AppAccess(typed.GetLeftPart(UriPartial.Path).TrimEnd('/'), key, key)
            : throw new CliException(
                $"The app at {typed.Host} wants a key: put a function key (or its master key, which 'history' needs) into the environment variable {variable}.");
    }

    /// <summary>A request with a key.</summary>
    public static HttpRequestMessage Get(string address, string key)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address));
        request.Headers.Add("x-functions-key", key);
        return request;
    }

    /// <summary>Passes an answer on, except one that says that the key is wrong.</summary>
    /// <exception cref="CliException">The app does not take the key.</exception>
    public HttpResponseMessage Accepted(HttpResponseMessage answer)
    {
        if (answer.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)) return answer;
        answer.Dispose();
        throw new CliException($"The app at {Address} refuses the key ({(int)answer.StatusCode}): use a function key of that app, or its master key.");
    }
}
