using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentSquad.EmbeddedHost.Functions.Hosting;
using AgentSquad.EmbeddedHost.Orchestration.Hub;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace AgentSquad.EmbeddedHost.Http.Durable;

/// <summary>The management endpoints of Durable Functions under <c>/runtime/webhooks/durabletask</c>, with a system key or the master key.</summary>
internal sealed class DurableEndpoints(TaskHubHost hub, ILoggerFactory loggers) : IHostEndpoints
{
    private const int LongestInstanceId = 100;
    private const string ContinuationHeader = "x-ms-continuation-token";
    private const int LargestPage = 1000;

    private readonly ILogger _logger = loggers.CreateLogger("Host.Durable");
    private readonly InstanceAnswers _answers = new(hub);
    private HostKeys? _keys;

    private TaskHubEngine Engine => hub.Engine;

    public void Map(IEndpointRouteBuilder app, HostKeys keys)
    {
        _keys = keys;
        var group = app.MapGroup(DurableManagementAddress.Path);
        group.MapPost("/orchestrators/{name}", Answer(StartAsync));
        group.MapPost("/orchestrators/{name}/{instanceId}", Answer(StartAsync));
        group.MapGet("/instances", Answer(ListAsync));
        group.MapDelete("/instances", Answer(PurgeManyAsync));
        group.MapGet("/instances/{instanceId}", Answer(StatusAsync));
        group.MapDelete("/instances/{instanceId}", Answer(PurgeOneAsync));
        group.MapPost("/instances/{instanceId}/raiseEvent/{eventName}", Answer(RaiseEventAsync));
        group.MapPost("/instances/{instanceId}/terminate", Answer(http => OrderAsync(http, (client, id, reason) => client.TerminateInstanceAsync(id, reason))));
        group.MapPost("/instances/{instanceId}/suspend", Answer(http => OrderAsync(http, (client, id, reason) => client.SuspendInstanceAsync(id, reason))));
        group.MapPost("/instances/{instanceId}/resume", Answer(http => OrderAsync(http, (client, id, reason) => client.ResumeInstanceAsync(id, reason))));
        group.MapPost("/instances/{instanceId}/restart", Answer(RestartAsync));
        group.MapPost("/instances/{instanceId}/rewind", Answer(RewindAsync));

        // As officially: what is not there and a method that is not meant are the same.
        group.Map("/{**rest}", Answer(_ => throw new ManagementException(
            StatusCodes.Status404NotFound, "There is no such management endpoint, or not with this method.")));
    }

    private RequestDelegate Answer(Func<HttpContext, Task> handle) => async http =>
    {
        try
        {
            if (!_keys!.OpensDurable(RequestKeys.Of(http.Request)))
            {
                http.Response.StatusCode = StatusCodes.Status401Unauthorized;
                return;
            }

            if (http.Request.Query["taskHub"].ToString() is { Length: > 0 } name && !hub.IsThisHub(name))
                throw new ManagementException(StatusCodes.Status400BadRequest, $"The task hub '{name}' is not the one of this host.");
            await handle(http);
        }
        catch (ManagementException refused)
        {
            await ManagementJson.WriteAsync(http, refused.Status, new JsonObject { ["message"] = refused.Message });
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody reads the answer.
        }
        catch (Exception problem)
        {
            if (FailureAnswer.StatusOf(problem) == StatusCodes.Status500InternalServerError)
                _logger.LogError(problem, "{Method} {Path} failed", http.Request.Method, http.Request.Path);
            FailureAnswer.Write(http, problem);
        }
    };

    private async Task StartAsync(HttpContext http)
    {
        var name = RouteText(http, "name");
        var instanceId = http.Request.RouteValues.ContainsKey("instanceId") ? RouteText(http, "instanceId") : null;
        if (instanceId is { } id && (id.Length > LongestInstanceId || id.StartsWith('@') || id.Any(letter => letter is '/' or '\\' or '#' or '?' || char.IsControl(letter))))
            throw BadRequest($"An instance id has 1 to {LongestInstanceId} characters, does not begin with '@' and has none of / \\ # ?.");
        var patience = InstanceAnswers.Patience(new ManagementQuery(http.Request.Query));
        var input = await ReadJsonAsync(http);
        string started;
        try
        {
            started = await Engine.ScheduleAsync(name, input, new StartOrchestrationOptions(instanceId), http.RequestAborted);
        }
        catch (OrchestrationAlreadyExistsException exists)
        {
            throw new ManagementException(StatusCodes.Status409Conflict, exists.Message);
        }
        catch (ArgumentException unknown)
        {
            throw BadRequest(unknown.Message);
        }

        await _answers.WriteStartedAsync(http, started, patience);
    }

    private async Task StatusAsync(HttpContext http)
    {
        var instanceId = RouteText(http, "instanceId");
        var status = await Client().GetInstanceAsync(instanceId, getInputsAndOutputs: true, http.RequestAborted) ?? throw NotFound(instanceId);
        await _answers.WriteStatusAsync(http, status);
    }

    private async Task ListAsync(HttpContext http)
    {
        var query = new ManagementQuery(http.Request.Query);
        var token = http.Request.Headers[ContinuationHeader].ToString();
        var filter = new OrchestrationQuery(
            query.Time("createdTimeFrom"), query.Time("createdTimeTo"), query.Statuses(), InstanceIdPrefix: query.Text("instanceIdPrefix"),
            PageSize: Math.Min(LargestPage, query.Number("top", OrchestrationQuery.DefaultPageSize, 1, int.MaxValue)), FetchInputsAndOutputs: true,
            ContinuationToken: token.Length == 0 ? null : token);
        var showInput = query.Flag("showInput", true);
        try
        {
            var body = new JsonArray();
            await foreach (var page in Client().GetAllInstancesAsync(filter).AsPages(filter.ContinuationToken, filter.PageSize).WithCancellation(http.RequestAborted))
            {
                foreach (var instance in page.Values) body.Add((JsonNode)InstanceJson.Of(instance, showInput));
                if (page.ContinuationToken is { } next) http.Response.Headers[ContinuationHeader] = next;
                break;
            }

            await ManagementJson.WriteAsync(http, StatusCodes.Status200OK, body);
        }
        catch (ArgumentException wrong)
        {
            throw BadRequest(wrong.Message);
        }
    }

    private async Task RaiseEventAsync(HttpContext http)
    {
        var (instanceId, eventName) = (RouteText(http, "instanceId"), RouteText(http, "eventName"));
        await RequireRunningAsync(instanceId, http.RequestAborted);
        if (!http.Request.HasJsonContentType()) throw BadRequest("Only application/json request content is supported.");
        var data = await ReadJsonAsync(http) ?? throw BadRequest("The request content is not valid JSON: it is empty.");
        try
        {
            await Engine.RaiseEventAsync(instanceId, eventName, data, http.RequestAborted);
        }
        catch (InvalidOperationException)
        {
            throw Gone(instanceId);
        }
        catch (ArgumentException)
        {
            throw NotFound(instanceId);
        }

        http.Response.StatusCode = StatusCodes.Status202Accepted;
    }

    private async Task OrderAsync(HttpContext http, Func<DurableTaskClient, string, string?, Task> order)
    {
        var instanceId = RouteText(http, "instanceId");
        await RequireRunningAsync(instanceId, http.RequestAborted);
        await order(Client(), instanceId, new ManagementQuery(http.Request.Query).Text("reason"));
        http.Response.StatusCode = StatusCodes.Status202Accepted;
    }

    private async Task RestartAsync(HttpContext http)
    {
        var instanceId = RouteText(http, "instanceId");
        var isNew = new ManagementQuery(http.Request.Query).Flag("restartWithNewInstanceId", true);
        _ = await Client().GetInstanceAsync(instanceId, http.RequestAborted) ?? throw NotFound(instanceId);
        try
        {
            var restarted = await Client().RestartAsync(instanceId, isNew, http.RequestAborted);
            await _answers.WriteStartedAsync(http, restarted, InstanceAnswers.Patience(new ManagementQuery(http.Request.Query)));
        }
        catch (OrchestrationAlreadyExistsException exists)
        {
            throw new ManagementException(StatusCodes.Status409Conflict, exists.Message);
        }
    }

    private async Task RewindAsync(HttpContext http)
    {
        var instanceId = RouteText(http, "instanceId");
        var status = await Client().GetInstanceAsync(instanceId, http.RequestAborted) ?? throw NotFound(instanceId);
        if (status.RuntimeStatus is OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Terminated) throw Gone(instanceId);
        try
        {
            await Engine.RewindAsync(instanceId, new ManagementQuery(http.Request.Query).Text("reason"), http.RequestAborted);
        }
        catch (InvalidOperationException refused)
        {
            throw BadRequest(refused.Message);
        }

        http.Response.StatusCode = StatusCodes.Status202Accepted;
    }

    private async Task PurgeOneAsync(HttpContext http)
    {
        var instanceId = RouteText(http, "instanceId");
        if (await Client().GetInstanceAsync(instanceId, http.RequestAborted) is { IsCompleted: false } running)
        {
            throw new ManagementException(
                StatusCodes.Status412PreconditionFailed,
                $"Only orchestrations in a terminal state can be purged, but the instance '{instanceId}' has status {running.RuntimeStatus}.");
        }

        var result = await Client().PurgeInstanceAsync(instanceId, http.RequestAborted);
        await WritePurgedAsync(http, result, $"There is no ended instance '{instanceId}'.");
    }

    private async Task PurgeManyAsync(HttpContext http)
    {
        // A filter that is passed over would delete more than was asked for.
        var query = new ManagementQuery(http.Request.Query, isStrict: true);
        var from = query.Time("createdTimeFrom") ?? throw BadRequest("Please provide a value for the parameter 'createdTimeFrom'.");
        var filter = new PurgeInstancesFilter(from, query.Time("createdTimeTo"), query.Statuses());
        await WritePurgedAsync(http, await Client().PurgeAllInstancesAsync(filter, http.RequestAborted), "No ended instance matches.");
    }

    private static Task WritePurgedAsync(HttpContext http, PurgeResult result, string ifNone) => result.PurgedInstanceCount > 0
        ? ManagementJson.WriteAsync(http, StatusCodes.Status200OK, new JsonObject { ["instancesDeleted"] = result.PurgedInstanceCount })
        : throw new ManagementException(StatusCodes.Status404NotFound, ifNone);

    private async Task RequireRunningAsync(string instanceId, CancellationToken cancellationToken)
    {
        var status = await Client().GetInstanceAsync(instanceId, cancellationToken) ?? throw NotFound(instanceId);
        if (status.IsCompleted) throw Gone(instanceId);
    }

    private DurableTaskClient Client() => hub.ClientFor(null);

    private static async Task<string?> ReadJsonAsync(HttpContext http)
    {
        using var reader = new StreamReader(await RequestBody.OpenAsync(http.Request, http.RequestAborted), Encoding.UTF8);
        var text = await reader.ReadToEndAsync(http.RequestAborted);
        if (string.IsNullOrWhiteSpace(text)) return null;
        try
        {
            using var document = JsonDocument.Parse(text);
            return text;
        }
        catch (JsonException problem)
        {
            throw BadRequest($"The request content is not valid JSON: {problem.Message}");
        }
    }

    // Instance ids may hold what a route value would keep escaped.
    private static string RouteText(HttpContext http, string name) => Uri.UnescapeDataString((string)http.Request.RouteValues[name]!);

    private static ManagementException NotFound(string instanceId) => new(StatusCodes.Status404NotFound, $"There is no instance '{instanceId}'.");

    private static ManagementException Gone(string instanceId) => new(StatusCodes.Status410Gone, $"The instance '{instanceId}' has ended.");

    private static ManagementException BadRequest(string message) => new(StatusCodes.Status400BadRequest, message);
}
