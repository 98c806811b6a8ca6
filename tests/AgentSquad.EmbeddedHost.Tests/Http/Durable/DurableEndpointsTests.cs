using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AgentSquad.EmbeddedHost.Tests.Functions;
using Microsoft.Extensions.DependencyInjection;

namespace AgentSquad.EmbeddedHost.Tests.Http.Durable;

/// <summary>Durable functions through their HTTP management endpoints, on real Azurite.</summary>
public sealed class DurableEndpointsTests : IAsyncLifetime
{
    private const string Root = "/runtime/webhooks/durabletask";

    private readonly Signals _signals = new();
    private RunningApp _app = null!;

    public async Task InitializeAsync()
    {
        var hub = SharedAzurite.NewHubName();
        _app = await RunningApp.StartAsync(
            [typeof(DurableFunctions)],
            builder => builder.Services.AddSingleton(_signals),
            new Dictionary<string, string?>
            {
                ["AzureWebJobsStorage"] = await SharedAzurite.ConnectionStringAsync(),
                ["AzureFunctionsJobHost:extensions:durableTask:hubName"] = hub,
            });
        await _app.WhenActiveAsync();
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task FunctionStart_ToTheEnd_AnswersAsTheDocumentationSays()
    {
        var started = await _app.Http.PostAsJsonAsync("/api/start/Travel", new City("Oslo", 1));
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        var payload = await started.Content.ReadFromJsonAsync<JsonElement>();
        var id = payload.GetProperty("id").GetString()!;
        Assert.Equal(started.Headers.Location!.ToString(), payload.GetProperty("statusQueryGetUri").GetString());
        Assert.Equal(10, started.Headers.RetryAfter!.Delta!.Value.TotalSeconds);
        Assert.Contains($"/instances/{id}/raiseEvent/{{eventName}}?code=", payload.GetProperty("sendEventPostUri").GetString(), StringComparison.Ordinal);
        Assert.Contains($"/instances/{id}/restart?code=", payload.GetProperty("restartPostUri").GetString(), StringComparison.Ordinal);
        Assert.Contains("/terminate?reason={text}&code=", payload.GetProperty("terminatePostUri").GetString(), StringComparison.Ordinal);

        var status = await FinishedAsync(started.Headers.Location!.ToString(), HttpStatusCode.OK);
        Assert.Equal("Completed", status.GetProperty("runtimeStatus").GetString());
        Assert.Equal("Travel", status.GetProperty("name").GetString());
        Assert.Equal("Oslo", status.GetProperty("input").GetProperty("Name").GetString());
        Assert.Equal("Hello Oslo", status.GetProperty("output").GetProperty("Name").GetString());
        Assert.Equal("Oslo", status.GetProperty("customStatus").GetProperty("at").GetString());
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", status.GetProperty("createdTime").GetString());
        Assert.Equal($"Greet Oslo for {id}", Assert.Single(_signals.Notes));
    }

    [Fact]
    public async Task Status_ShowHistory_ListsWhatHappened()
    {
        var location = await StartAsync("Travel", """{"Name":"Rome","Visits":0}""");
        var status = await FinishedAsync($"{location}&showHistory=true&showHistoryOutput=true&showInput=false", HttpStatusCode.OK);
        Assert.Equal(JsonValueKind.Null, status.GetProperty("input").ValueKind);
        var events = status.GetProperty("historyEvents").EnumerateArray().ToArray();
        Assert.Equal(["ExecutionStarted", "TaskCompleted", "ExecutionCompleted"], events.Select(one => one.GetProperty("EventType").GetString()));
        Assert.Equal("Greet", events[1].GetProperty("FunctionName").GetString());
        Assert.Equal("Hello Rome", events[1].GetProperty("Result").GetString());
        Assert.True(events[1].GetProperty("ScheduledTime").GetDateTime() <= events[1].GetProperty("Timestamp").GetDateTime());
        Assert.Equal("Completed", events[2].GetProperty("OrchestrationStatus").GetString());
    }

    [Fact]
    public async Task Status_Failed_Is200OrAskedFor500()
    {
        var location = await StartAsync("Fail", null);
        var status = await FinishedAsync(location, HttpStatusCode.OK);
        Assert.Equal("Failed", status.GetProperty("runtimeStatus").GetString());
        Assert.Contains("boom", status.GetProperty("output").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.InternalServerError, (await _app.Http.GetAsync($"{location}&returnInternalServerErrorOnFailure=true")).StatusCode);
    }

    [Fact]
    public async Task RaiseEvent_ToAWaitingInstance_LetsItEnd()
    {
        var location = await StartAsync("Wait", null, "waiter-1");
        var running = await _app.Http.GetAsync(location);
        Assert.Equal(HttpStatusCode.Accepted, running.StatusCode);
        Assert.Contains("/instances/waiter-1?code=", running.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.NotNull(running.Headers.RetryAfter);

        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync("/instances/waiter-1/raiseEvent/go", "\"now\"", "text/plain")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync("/instances/waiter-1/raiseEvent/go", "{not json")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync("/instances/nobody/raiseEvent/go", "\"now\"")).StatusCode);
        var raised = await PostAsync("/instances/waiter-1/raiseEvent/go", "\"now\"");
        Assert.Equal(HttpStatusCode.Accepted, raised.StatusCode);
        Assert.Equal("", await raised.Content.ReadAsStringAsync());
        Assert.Equal("now", (await FinishedAsync(location, HttpStatusCode.OK)).GetProperty("output").GetString());
        Assert.Equal(HttpStatusCode.Gone, (await PostAsync("/instances/waiter-1/raiseEvent/go", "\"now\"")).StatusCode);
    }

    [Fact]
    public async Task SuspendResumeTerminate_OfAWaitingInstance_FollowEachOther()
    {
        var location = await StartAsync("Wait", null, "waiter-2");
        Assert.Equal(HttpStatusCode.Accepted, (await PostAsync("/instances/waiter-2/suspend?reason=lunch", null)).StatusCode);
        await UntilAsync(location, "Suspended");
        Assert.Equal(HttpStatusCode.Accepted, (await PostAsync("/instances/waiter-2/resume?reason=done", null)).StatusCode);
        await UntilAsync(location, "Running");
        Assert.Equal(HttpStatusCode.Accepted, (await PostAsync("/instances/waiter-2/terminate?reason=bored", null)).StatusCode);
        var ended = await UntilAsync(location, "Terminated");
        Assert.Equal("bored", ended.GetProperty("output").GetString());
        foreach (var order in (string[])["suspend", "resume", "terminate"])
        {
            Assert.Equal(HttpStatusCode.Gone, (await PostAsync($"/instances/waiter-2/{order}", null)).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await PostAsync($"/instances/nobody/{order}", null)).StatusCode);
        }
    }

    [Fact]
    public async Task Start_WrongRequests_AreRefused()
    {
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync("/orchestrators/NoSuchThing", null)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync("/orchestrators/Wait", "{not json")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync("/orchestrators/Wait/@entity", null)).StatusCode);
        await StartAsync("Wait", null, "twice");
        Assert.Equal(HttpStatusCode.Conflict, (await PostAsync("/orchestrators/Wait/twice", null)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync("/orchestrators/Wait?taskHub=Other", null)).StatusCode);
    }

    [Fact]
    public async Task Instances_ListFilterPage_PurgeOneAndMany()
    {
        for (var i = 0; i < 3; i++) await FinishedAsync(await StartAsync("Travel", """{"Name":"Bern","Visits":0}""", $"trip-{i}"), HttpStatusCode.OK);
        await StartAsync("Wait", null, "stays");

        Assert.Equal(["trip-0", "trip-1", "trip-2"], await ListAsync("instanceIdPrefix=trip-"));
        Assert.Equal(["stays"], await ListAsync("runtimeStatus=Running,Pending"));
        Assert.Empty(await ListAsync("createdTimeTo=2001-01-01T00:00:00Z"));
        Assert.Equal(HttpStatusCode.BadRequest, (await _app.Http.GetAsync($"{Root}/instances?{Code}&runtimeStatus=Sleeping")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await _app.Http.GetAsync($"{Root}/instances?{Code}&createdTimeFrom=yesterday")).StatusCode);

        var first = await _app.Http.GetAsync($"{Root}/instances?{Code}&top=2&instanceIdPrefix=trip-");
        var token = Assert.Single(first.Headers.GetValues("x-ms-continuation-token"));
        using var next = new HttpRequestMessage(HttpMethod.Get, $"{Root}/instances?{Code}&top=2&instanceIdPrefix=trip-");
        next.Headers.Add("x-ms-continuation-token", token);
        var second = await _app.Http.SendAsync(next);
        Assert.False(second.Headers.Contains("x-ms-continuation-token"));
        Assert.Equal("trip-2", Assert.Single((await second.Content.ReadFromJsonAsync<JsonElement>()).EnumerateArray()).GetProperty("instanceId").GetString());

        Assert.Equal(1, await DeletedAsync("/instances/trip-0?"));
        Assert.Equal(HttpStatusCode.NotFound, (await _app.Http.GetAsync($"{Root}/instances/trip-0?{Code}")).StatusCode);
        Assert.Null(await DeletedAsync("/instances/trip-0?"));
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await _app.Http.DeleteAsync($"{Root}/instances/stays?{Code}")).StatusCode);
        Assert.Equal(2, await DeletedAsync("/instances?runtimeStatus=Completed&"));
        Assert.Null(await DeletedAsync("/instances?runtimeStatus=Completed&"));
    }

    [Fact]
    public async Task Restart_OfAnEndedInstance_RunsAgain()
    {
        await FinishedAsync(await StartAsync("Travel", """{"Name":"Ulm","Visits":5}""", "again"), HttpStatusCode.OK);
        var restarted = await PostAsync("/instances/again/restart", null);
        Assert.Equal(HttpStatusCode.Accepted, restarted.StatusCode);
        var status = await FinishedAsync(restarted.Headers.Location!.ToString(), HttpStatusCode.OK);
        Assert.NotEqual("again", status.GetProperty("instanceId").GetString());
        Assert.Equal(6, status.GetProperty("output").GetProperty("Visits").GetInt32());
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync("/instances/nobody/restart", null)).StatusCode);
    }

    [Fact]
    public async Task Rewind_OfAFailedInstance_IsAcceptedAndOfOthersRefused()
    {
        var location = await StartAsync("Fail", null, "fails");
        await UntilAsync(location, "Failed");
        Assert.Equal(HttpStatusCode.Accepted, (await PostAsync("/instances/fails/rewind?reason=fixed", null)).StatusCode);
        await UntilAsync(location, "Failed");
        var history = await _app.Http.GetStringAsync($"{Root}/instances/fails?{Code}&showHistory=true");
        Assert.Contains("\"EventType\":\"GenericEvent\"", history, StringComparison.Ordinal);

        await StartAsync("Wait", null, "waits");
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync("/instances/waits/rewind", null)).StatusCode);
        await FinishedAsync(await StartAsync("Travel", """{"Name":"Ulm","Visits":5}""", "over"), HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.Gone, (await PostAsync("/instances/over/rewind", null)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync("/instances/nobody/rewind", null)).StatusCode);
    }

    [Theory]
    [InlineData("system", HttpStatusCode.OK)]
    [InlineData("master", HttpStatusCode.OK)]
    [InlineData("function", HttpStatusCode.Unauthorized)]
    [InlineData("none", HttpStatusCode.Unauthorized)]
    public async Task Key_OfTheSystem_OpensTheEndpoints(string kind, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Root}/instances");
        var key = kind switch
        {
            "system" => _app.Keys.SystemKeys["durabletask_extension"],
            "master" => _app.Keys.MasterKey,
            _ => _app.FunctionKey,
        };
        if (kind != "none") request.Headers.Add("x-functions-key", key);
        Assert.Equal(expected, (await _app.Http.SendAsync(request)).StatusCode);
    }

    private string Code => $"code={Uri.EscapeDataString(_app.Keys.SystemKeys["durabletask_extension"])}";

    private async Task<string> StartAsync(string name, string? input, string? id = null)
    {
        var started = await PostAsync(id is null ? $"/orchestrators/{name}" : $"/orchestrators/{name}/{id}", input);
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        return started.Headers.Location!.ToString();
    }

    private Task<HttpResponseMessage> PostAsync(string path, string? json, string type = "application/json")
        => _app.Http.PostAsync(
            $"{Root}{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{Code}", json is null ? null : new StringContent(json, Encoding.UTF8, type));

    private async Task<string[]> ListAsync(string filter)
        => [.. (await _app.Http.GetFromJsonAsync<JsonElement>($"{Root}/instances?{Code}&{filter}")).EnumerateArray().Select(one => one.GetProperty("instanceId").GetString()!)];

    private async Task<int?> DeletedAsync(string path)
    {
        var response = await _app.Http.DeleteAsync($"{Root}{path}{Code}");
        if (response.StatusCode == HttpStatusCode.NotFound) return null;
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("instancesDeleted").GetInt32();
    }

    private async Task<JsonElement> FinishedAsync(string location, HttpStatusCode expected)
    {
        var response = await PollAsync(location, (status, _) => status != HttpStatusCode.Accepted);
        Assert.Equal(expected, response.Status);
        return response.Body;
    }

    private async Task<JsonElement> UntilAsync(string location, string runtimeStatus)
        => (await PollAsync(location, (_, body) => body.GetProperty("runtimeStatus").GetString() == runtimeStatus)).Body;

    // Polling is what these endpoints are made for.
    private async Task<(HttpStatusCode Status, JsonElement Body)> PollAsync(string location, Func<HttpStatusCode, JsonElement, bool> isDone)
    {
        using var patience = new CancellationTokenSource(RunningApp.Patience);
        while (true)
        {
            var response = await _app.Http.GetAsync(location, patience.Token);
            var body = await response.Content.ReadFromJsonAsync<JsonElement>(patience.Token);
            if (isDone(response.StatusCode, body)) return (response.StatusCode, body);
            await Task.Delay(20, patience.Token);
        }
    }
}
