using System.Globalization;
using AgentSquad.EmbeddedHost.Functions.Binding;
using AgentSquad.EmbeddedHost.Functions.Discovery;
using AgentSquad.EmbeddedHost.Functions.Invocation;
using Azure.Core.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;

namespace AgentSquad.EmbeddedHost.Http;

/// <summary>Answers requests with one function.</summary>
internal sealed class HttpFunctionEndpoint(FunctionDescriptor function, FunctionRunner runner, ObjectSerializer serializer, HostKeys keys, CancellationToken stopping)
{
    private readonly AuthorizationLevel _level = ((HttpTriggerAttribute)function.TriggerAttribute).AuthLevel;

    /// <summary>Answers one request.</summary>
    public async Task HandleAsync(HttpContext http)
    {
        if (!MayCall(http.Request))
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        object? result;
        try
        {
            var data = DataOf(http.Request);
            var body = await RequestBody.OpenAsync(http.Request, cancel.Token);
            result = await runner.RunAsync(
                function,
                new TriggerValue(null, data),
                context => context.Features.Set<HttpRequestData>(new EmbeddedHttpRequestData(context, http.Request, body, KeyNameOf(http.Request))),
                cancel.Token);
        }
        catch (Exception problem)
        {
            // Logged by the runner; the caller learns the kind of failure and nothing of the inside.
            FailureAnswer.Write(http, problem);
            return;
        }

        await WriteAsync(result, http);
    }

    private static Dictionary<string, object?> DataOf(HttpRequest request)
    {
        var data = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in request.Query)
        {
            if (!name.Equals(RequestKeys.QueryName, StringComparison.OrdinalIgnoreCase)) data[name] = values.ToString();
        }

        foreach (var (name, value) in request.RouteValues)
        {
            if (value is not null) data[name] = Convert.ToString(value, CultureInfo.InvariantCulture);
        }

        return data;
    }

    private async Task WriteAsync(object? result, HttpContext http)
    {
        switch (result)
        {
            case HttpResponseData response:
                await EmbeddedHttpResponseData.SendAsync(response, http.Response, http.RequestAborted);
                break;
            case null:
                http.Response.StatusCode = StatusCodes.Status204NoContent;
                break;
            case string text:
                http.Response.ContentType = "text/plain; charset=utf-8";
                await http.Response.WriteAsync(text, http.RequestAborted);
                break;
            default:
                var json = serializer.Serialize(result, result.GetType(), http.RequestAborted).ToMemory();
                http.Response.ContentType = "application/json; charset=utf-8";
                http.Response.ContentLength = json.Length;
                await http.Response.Body.WriteAsync(json, http.RequestAborted);
                break;
        }
    }

    private string? KeyNameOf(HttpRequest request) => _level == AuthorizationLevel.Anonymous ? null : keys.NameOf(RequestKeys.Of(request));

    private bool MayCall(HttpRequest request) => _level switch
    {
        AuthorizationLevel.Anonymous => true,
        AuthorizationLevel.Function => keys.OpensFunction(RequestKeys.Of(request)),
        AuthorizationLevel.System => keys.OpensSystem(RequestKeys.Of(request)),
        _ => keys.OpensAdmin(RequestKeys.Of(request)),
    };
}
