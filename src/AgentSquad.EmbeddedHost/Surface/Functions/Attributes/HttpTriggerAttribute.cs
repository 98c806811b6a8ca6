using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Runs the function on an HTTP request; sits on an <see cref="Http.HttpRequestData"/> or on a type to read the JSON body into.</summary>
public sealed class HttpTriggerAttribute : TriggerBindingAttribute
{
    /// <summary>All methods, <see cref="AuthorizationLevel.Function"/>.</summary>
    public HttpTriggerAttribute() => AuthLevel = AuthorizationLevel.Function;

    /// <summary>The given methods, <see cref="AuthorizationLevel.Function"/>.</summary>
    /// <param name="methods">HTTP methods without regard to case.</param>
    public HttpTriggerAttribute(params string[] methods)
        : this() => Methods = methods;

    /// <summary>All methods.</summary>
    /// <param name="authLevel">The key a caller needs.</param>
    public HttpTriggerAttribute(AuthorizationLevel authLevel) => AuthLevel = authLevel;

    /// <summary>The given methods.</summary>
    /// <param name="authLevel">The key a caller needs.</param>
    /// <param name="methods">HTTP methods without regard to case.</param>
    public HttpTriggerAttribute(AuthorizationLevel authLevel, params string[] methods)
    {
        AuthLevel = authLevel;
        Methods = methods;
    }

    /// <summary>Route template below the route prefix of host.json; the function's name when not set.</summary>
    public string? Route { get; set; }

    /// <summary>HTTP methods; null stands for all.</summary>
    public string[]? Methods { get; }

    /// <summary>The key a caller needs. Default is <see cref="AuthorizationLevel.Function"/>.</summary>
    public AuthorizationLevel AuthLevel { get; }
}
