using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace AgentSquad.EmbeddedHost.Tests.Http.Durable;

/// <summary>Durable functions through their HTTP management endpoints, on real Azurite.</summary>
public sealed class DurableEndpointsTests : ManagementTests
{
    [Fact]
    public async Task FunctionStart_ToTheEnd_AnswersAsTheDocumentationSays()
    {
        var started = await App.Http.PostAsJsonAsync("/api/start/Travel", new City("Oslo", 1));
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        var payload = await started.Content.ReadFromJsonAsync<JsonElement>();
        var id = payload.GetProperty("id").GetString()!;
        Assert.Equal(started.Headers.Location!.ToString(), payload.GetProperty("statusQueryGetUri").GetString());
        Assert.Equal(10, started.Headers.RetryAfter!.Delta!.Value.TotalSeconds);
        Assert.Contains($"/instances/{id}/raiseEvent/{{eventName}}?code=", payload.GetProperty("sendEventPostUri").GetString(), StringComparison.Ordinal);
        Assert.Contains($"/instances/{id}/restart?code=", payload.GetProperty("restartPostUri").GetString(), StringComparison.Ordinal);
        Assert.Contains("/terminate?reason={text}&code=", payload.GetProperty("terminatePostUri").GetString(), StringComparison.Ordinal);

        var status = await EndedAsync(started.Headers.Location!.ToString());
        Assert.Equal("Completed", status.GetProperty("runtimeStatus").GetString());
        Assert.Equal("Travel", status.GetProperty("name").GetString());
        Assert.Equal("Oslo", status.GetProperty("input").GetProperty("Name").GetString());
        Assert.Equal("Hello Oslo", status.GetProperty("output").GetProperty("Name").GetString());
        Assert.Equal("Oslo", status.GetProperty("customStatus").GetProperty("at").GetString());
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", status.GetProperty("createdTime").GetString());
        Assert.Equal($"Greet Oslo for {id}", Assert.Single(Signals.Notes));
    }

    [Fact]
    public async Task Status_ShowHistory_ListsWhatHappened()
    {
        var location = await StartAsync("Travel", """{"Name":"Rome","Visits":0}""");
        var status = await EndedAsync($"{location}&showHistory=true&showHistoryOutput=true&showInput=false");
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
        var status = await EndedAsync(location);
        Assert.Equal("Failed", status.GetProperty("runtimeStatus").GetString());
        Assert.Contains("boom", status.GetProperty("output").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.InternalServerError, (await App.Http.GetAsync($"{location}&returnInternalServerErrorOnFailure=true")).StatusCode);
    }

    [Fact]
    public async Task RaiseEvent_ToAWaitingInstance_LetsItEnd()
    {
        var location = await StartAsync("Wait", null, "waiter-1");
        var running = await App.Http.GetAsync(location);
        Assert.Equal(HttpStatusCode.Accepted, running.StatusCode);
        Assert.Contains("/instances/waiter-1?code=", running.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.NotNull(running.Headers.RetryAfter);

        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync("/instances/waiter-1/raiseEvent/go", "\"now\"", "text/plain")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync("/instances/waiter-1/raiseEvent/go", "{not json")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync("/instances/nobody/raiseEvent/go", "\"now\"")).StatusCode);
        var raised = await PostAsync("/instances/waiter-1/raiseEvent/go", "\"now\"");
        Assert.Equal(HttpStatusCode.Accepted, raised.StatusCode);
        Assert.Equal("", await raised.Content.ReadAsStringAsync());
        Assert.Equal("now", (await EndedAsync(location)).GetProperty("output").GetString());
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
        for (var i = 0; i < 3; i++) await EndedAsync(await StartAsync("Travel", """{"Name":"Bern","Visits":0}""", $"trip-{i}"));
        await StartAsync("Wait", null, "stays");

        Assert.Equal(["trip-0", "trip-1", "trip-2"], await IdsAsync("instanceIdPrefix=trip-"));
        Assert.Equal(["stays"], await IdsAsync("runtimeStatus=Running,Pending"));
        Assert.Empty(await IdsAsync("createdTimeTo=2001-01-01T00:00:00Z"));

        var first = await App.Http.GetAsync($"{Root}/instances?{Code}&top=2&instanceIdPrefix=trip-");
        var token = Assert.Single(first.Headers.GetValues("x-ms-continuation-token"));
        using var next = new HttpRequestMessage(HttpMethod.Get, $"{Root}/instances?{Code}&top=2&instanceIdPrefix=trip-");
        next.Headers.Add("x-ms-continuation-token", token);
        var second = await App.Http.SendAsync(next);
        Assert.False(second.Headers.Contains("x-ms-continuation-token"));
        Assert.Equal("trip-2", Assert.Single((await second.Content.ReadFromJsonAsync<JsonElement>()).EnumerateArray()).GetProperty("instanceId").GetString());

        Assert.Equal(1, await DeletedAsync("/instances/trip-0?"));
        Assert.Equal(HttpStatusCode.NotFound, (await App.Http.GetAsync($"{Root}/instances/trip-0?{Code}")).StatusCode);
        Assert.Null(await DeletedAsync("/instances/trip-0?"));
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await App.Http.DeleteAsync($"{Root}/instances/stays?{Code}")).StatusCode);
        Assert.Equal(2, await DeletedAsync("/instances?createdTimeFrom=2001-01-01T00:00:00Z&runtimeStatus=Completed&"));
        Assert.Null(await DeletedAsync("/instances?createdTimeFrom=2001-01-01T00:00:00Z&runtimeStatus=Completed&"));
    }

    [Fact]
    public async Task Restart_OfAnEndedInstance_RunsAgain()
    {
        await EndedAsync(await StartAsync("Travel", """{"Name":"Ulm","Visits":5}""", "again"));
        var restarted = await PostAsync("/instances/again/restart", null);
        Assert.Equal(HttpStatusCode.Accepted, restarted.StatusCode);
        var status = await EndedAsync(restarted.Headers.Location!.ToString());
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
        var history = await App.Http.GetStringAsync($"{Root}/instances/fails?{Code}&showHistory=true");
        Assert.Contains("\"EventType\":\"GenericEvent\"", history, StringComparison.Ordinal);

        await StartAsync("Wait", null, "waits");
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync("/instances/waits/rewind", null)).StatusCode);
        await EndedAsync(await StartAsync("Travel", """{"Name":"Ulm","Visits":5}""", "over"));
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
            "system" => App.Keys.SystemKeys["durabletask_extension"],
            "master" => App.Keys.MasterKey,
            _ => App.FunctionKey,
        };
        if (kind != "none") request.Headers.Add("x-functions-key", key);
        Assert.Equal(expected, (await App.Http.SendAsync(request)).StatusCode);
    }

    private async Task<string[]> IdsAsync(string filter) => [.. (await ListAsync(filter)).Select(one => one.GetProperty("instanceId").GetString()!)];

    private async Task<int?> DeletedAsync(string path)
    {
        var response = await App.Http.DeleteAsync($"{Root}{path}{Code}");
        if (response.StatusCode == HttpStatusCode.NotFound) return null;
        return (await BodyAsync(response)).GetProperty("instancesDeleted").GetInt32();
    }
}
