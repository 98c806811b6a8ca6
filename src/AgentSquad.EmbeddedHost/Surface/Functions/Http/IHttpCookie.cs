namespace Microsoft.Azure.Functions.Worker.Http;

/// <summary>A cookie.</summary>
public interface IHttpCookie
{
    /// <summary>Domain.</summary>
    string? Domain { get; }

    /// <summary>Expiry.</summary>
    DateTimeOffset? Expires { get; }

    /// <summary>Not for scripts.</summary>
    bool? HttpOnly { get; }

    /// <summary>Life in seconds.</summary>
    double? MaxAge { get; }

    /// <summary>Name.</summary>
    string Name { get; }

    /// <summary>Path.</summary>
    string? Path { get; }

    /// <summary>SameSite.</summary>
    SameSite SameSite { get; }

    /// <summary>For HTTPS only.</summary>
    bool? Secure { get; }

    /// <summary>Value.</summary>
    string Value { get; }
}
