using System.Collections.Specialized;
using System.Security.Claims;
using System.Web;

namespace Microsoft.Azure.Functions.Worker.Http;

/// <summary>The request that triggered a function.</summary>
public abstract class HttpRequestData
{
    private NameValueCollection? _query;

    /// <summary>Creates a request of an invocation.</summary>
    public HttpRequestData(FunctionContext functionContext)
        => FunctionContext = functionContext ?? throw new ArgumentNullException(nameof(functionContext));

    /// <summary>The body; read once, forward only unless the stream says otherwise.</summary>
    public abstract Stream Body { get; }

    /// <summary>Headers.</summary>
    public abstract HttpHeadersCollection Headers { get; }

    /// <summary>Cookies.</summary>
    public abstract IReadOnlyCollection<IHttpCookie> Cookies { get; }

    /// <summary>The URL as the client sent it.</summary>
    public abstract Uri Url { get; }

    /// <summary>Identities; on the embedded host one that names the key, where a function asks for one.</summary>
    public abstract IEnumerable<ClaimsIdentity> Identities { get; }

    /// <summary>HTTP method, upper case.</summary>
    public abstract string Method { get; }

    /// <summary>The invocation.</summary>
    public FunctionContext FunctionContext { get; }

    /// <summary>Query values.</summary>
    public virtual NameValueCollection Query => _query ??= HttpUtility.ParseQueryString(Url.Query);

    /// <summary>A response to fill and return; status 200.</summary>
    public abstract HttpResponseData CreateResponse();
}
