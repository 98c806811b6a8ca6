namespace Microsoft.Azure.Functions.Worker.Http;

/// <summary>SameSite of a cookie.</summary>
public enum SameSite
{
    /// <summary>Not said.</summary>
    None = 0,

    /// <summary>Lax.</summary>
    Lax = 1,

    /// <summary>Strict.</summary>
    Strict = 2,

    /// <summary>None, and said so.</summary>
    ExplicitNone = 3,
}
