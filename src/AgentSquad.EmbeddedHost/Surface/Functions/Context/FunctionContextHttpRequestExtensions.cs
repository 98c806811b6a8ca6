using AgentSquad.EmbeddedHost.Functions.Invocation;
using Microsoft.Azure.Functions.Worker.Http;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>HTTP of an invocation.</summary>
public static class FunctionContextHttpRequestExtensions
{
    /// <summary>The request that triggered the function; null for another trigger.</summary>
    public static ValueTask<HttpRequestData?> GetHttpRequestDataAsync(this FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return ValueTask.FromResult(context.Features.Get<HttpRequestData>());
    }

    /// <summary>The response that the function returned; null when it returned none or is not triggered by HTTP.</summary>
    public static HttpResponseData? GetHttpResponseData(this FunctionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Features.Get<InvocationResultFeature>()?.Value as HttpResponseData;
    }
}
