using AgentSquad.EmbeddedHost.Functions.Invocation;
using Microsoft.Azure.Functions.Worker.Extensions.DurableTask.Http;

namespace Microsoft.DurableTask;

/// <summary>What an orchestrator can do beside calling functions.</summary>
public static class TaskOrchestrationContextExtensionMethods
{
    /// <summary>
    /// Sends an HTTP request, outside the orchestrator and at least once. Retries and polling wait in durable timers. A request that gets no
    /// answer fails with <see cref="TaskFailedException"/>; polling beyond the request's time-out with <see cref="TimeoutException"/>.
    /// </summary>
    public static Task<DurableHttpResponse> CallHttpAsync(this TaskOrchestrationContext context, DurableHttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(request);
        return DurableHttp.CallAsync(context, request);
    }

    /// <summary>Sends an HTTP request; an answer 202 is returned as it is.</summary>
    public static Task<DurableHttpResponse> CallHttpAsync(
        this TaskOrchestrationContext context, HttpMethod method, Uri uri, string? content = null, HttpRetryOptions? retryOptions = null) =>
        context.CallHttpAsync(new DurableHttpRequest(method, uri) { Content = content, HttpRetryOptions = retryOptions });
}
