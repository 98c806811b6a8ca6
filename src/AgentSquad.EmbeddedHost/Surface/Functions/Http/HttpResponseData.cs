using System.Net;

namespace Microsoft.Azure.Functions.Worker.Http;

/// <summary>What an HTTP function answers.</summary>
public abstract class HttpResponseData
{
    /// <summary>Creates a response of an invocation.</summary>
    public HttpResponseData(FunctionContext functionContext)
        => FunctionContext = functionContext ?? throw new ArgumentNullException(nameof(functionContext));

    /// <summary>Status. Default is 200.</summary>
    public abstract HttpStatusCode StatusCode { get; set; }

    /// <summary>Headers.</summary>
    public abstract HttpHeadersCollection Headers { get; set; }

    /// <summary>Body.</summary>
    public abstract Stream Body { get; set; }

    /// <summary>Cookies to set.</summary>
    public abstract HttpCookies Cookies { get; }

    /// <summary>The invocation.</summary>
    public FunctionContext FunctionContext { get; }

    /// <summary>A response to a request.</summary>
    public static HttpResponseData CreateResponse(HttpRequestData request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.CreateResponse();
    }
}
