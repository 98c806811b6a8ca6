using System.Net;
using System.Text.Json;
using AgentSquad.EmbeddedHost.Tests.Functions;

namespace AgentSquad.EmbeddedHost.Tests.Http.Durable;

/// <summary>What the documentation of the HTTP API says beside the straight way through it.</summary>
public sealed class DurableEndpointRulesTests : ManagementTests
{
    [Theory]
    [InlineData("PUT", "/instances/one")]
    [InlineData("POST", "/instances")]
    [InlineData("GET", "/orchestrators/Wait")]
    [InlineData("GET", "/instances/one/terminate")]
    [InlineData("DELETE", "/instances/one/raiseEvent/go")]
    [InlineData("POST", "/instances/one/explode")]
    [InlineData("GET", "/nothing/here")]
    public async Task Request_MethodOrPathNotMeant_IsNotFoundAndWithoutKeyUnauthorized(string method, string path)
    {
        using var opened = new HttpRequestMessage(new HttpMethod(method), $"{Root}{path}?{Code}");
        using var closed = new HttpRequestMessage(new HttpMethod(method), $"{Root}{path}");

        Assert.Equal(HttpStatusCode.NotFound, (await App.Http.SendAsync(opened)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await App.Http.SendAsync(closed)).StatusCode);
    }

    [Fact]
    public async Task Start_TimeoutAndPollingInterval_AnswersWithTheEndThatComesInTime()
    {
        const string wait = "timeout=60&pollingInterval=1";
        var completed = await StartingAsync("Travel", """{"Name":"Oslo","Visits":1}""", wait);
        Assert.Equal(HttpStatusCode.OK, completed.StatusCode);
        Assert.Equal("Hello Oslo", (await BodyAsync(completed)).GetProperty("Name").GetString());
        Assert.Null(completed.Headers.Location);

        var failed = await StartingAsync("Fail", null, wait);
        Assert.Equal(HttpStatusCode.OK, failed.StatusCode);
        Assert.Equal("Failed", (await BodyAsync(failed)).GetProperty("runtimeStatus").GetString());
        Assert.Equal(HttpStatusCode.InternalServerError, (await StartingAsync("Fail", null, $"{wait}&returnInternalServerErrorOnFailure=true")).StatusCode);

        var late = await StartingAsync("Wait", null, "timeout=0.05&pollingInterval=0.01");
        Assert.Equal(HttpStatusCode.Accepted, late.StatusCode);
        Assert.Equal((await BodyAsync(late)).GetProperty("statusQueryGetUri").GetString(), late.Headers.Location!.ToString());
        Assert.Equal(10, late.Headers.RetryAfter!.Delta!.Value.TotalSeconds);
    }

    [Theory]
    [InlineData("timeout=1&pollingInterval=2", HttpStatusCode.BadRequest)]
    [InlineData("timeout=soon&pollingInterval=1", HttpStatusCode.Accepted)]
    [InlineData("timeout=60", HttpStatusCode.Accepted)]
    [InlineData("pollingInterval=1", HttpStatusCode.Accepted)]
    public async Task Start_OnlyOneOfTheTwoOrSenseless_DoesNotWait(string query, HttpStatusCode expected)
    {
        Assert.Equal(expected, (await StartingAsync("Wait", null, query)).StatusCode);
    }

    [Fact]
    public async Task Status_HistoryAndInput_AreThereOnlyWhenAskedFor()
    {
        var location = await StartAsync("Travel", """{"Name":"Rome","Visits":0}""");
        var plain = await EndedAsync(location);
        Assert.Equal(JsonValueKind.Null, plain.GetProperty("historyEvents").ValueKind);
        Assert.Equal("Rome", plain.GetProperty("input").GetProperty("Name").GetString());

        var history = await EndedAsync($"{location}&showHistory=true");
        Assert.All(history.GetProperty("historyEvents").EnumerateArray(), one => Assert.False(one.TryGetProperty("Result", out _)));
        var whole = await EndedAsync($"{location}&showHistory=true&showHistoryOutput=true");
        Assert.Contains(whole.GetProperty("historyEvents").EnumerateArray(), one => one.TryGetProperty("Result", out _));
        Assert.Equal(JsonValueKind.Null, (await EndedAsync($"{location}&showHistory=perhaps")).GetProperty("historyEvents").ValueKind);
        Assert.Equal(HttpStatusCode.NotFound, (await App.Http.GetAsync($"{Root}/instances/nobody?{Code}")).StatusCode);
    }

    [Fact]
    public async Task Status_NotEnded_Is202WithItsOwnAddressAndFiveSecondsAlsoWhenSuspended()
    {
        await StartAsync("Wait", null, "waiter");
        await App.Http.PostAsync($"{Root}/instances/waiter/suspend?reason=pause&{Code}", null);
        using var patience = new CancellationTokenSource(RunningApp.Patience);
        HttpResponseMessage answer;
        do answer = await App.Http.GetAsync($"{Root}/instances/waiter?{Code}&showInput=false", patience.Token);
        while ((await BodyAsync(answer)).GetProperty("runtimeStatus").GetString() != "Suspended");

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.EndsWith($"/instances/waiter?{Code}&showInput=false", answer.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Equal(5, answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds);
    }

    [Fact]
    public async Task RaiseEvent_ContentItCannotBe_IsRefusedAndTheInstanceGoesOnWaiting()
    {
        await StartAsync("Wait", null, "listener");
        Assert.Equal(HttpStatusCode.BadRequest, (await RaiseAsync("listener", "", "application/json")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await RaiseAsync("listener", "", "text/plain")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await RaiseAsync("listener", "{", "application/json")).StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, (await RaiseAsync("listener", "\"now\"", "application/json")).StatusCode);
        Assert.Equal("now", (await EndedAsync($"{Root}/instances/listener?{Code}")).GetProperty("output").GetString());

        // Who cannot be reached comes before what was sent.
        Assert.Equal(HttpStatusCode.Gone, (await RaiseAsync("listener", "{", "text/plain")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await RaiseAsync("nobody", "{", "text/plain")).StatusCode);
    }

    [Fact]
    public async Task Filters_TimeStatusPrefixAndTop_LimitListAndPurge()
    {
        for (var i = 0; i < 3; i++) await StartingAsync("Travel", """{"Name":"Bern","Visits":0}""", "timeout=60&pollingInterval=1", $"trip-{i}");
        var tomorrow = Uri.EscapeDataString(DateTime.UtcNow.AddDays(1).ToString("o"));
        var yesterday = Uri.EscapeDataString(DateTime.UtcNow.AddDays(-1).ToString("o"));

        Assert.Empty(await ListAsync($"createdTimeFrom={tomorrow}"));
        Assert.Equal(3, (await ListAsync($"createdTimeFrom={yesterday}&createdTimeTo={tomorrow}&runtimeStatus=Completed&top=5000")).Length);
        Assert.Equal(2, (await ListAsync("top=2&instanceIdPrefix=trip-")).Length);
        Assert.Equal(HttpStatusCode.BadRequest, (await App.Http.GetAsync($"{Root}/instances?{Code}&top=0")).StatusCode);
        using var wrong = new HttpRequestMessage(HttpMethod.Get, $"{Root}/instances?{Code}");
        wrong.Headers.Add("x-ms-continuation-token", "not one of ours!");
        Assert.Equal(HttpStatusCode.BadRequest, (await App.Http.SendAsync(wrong)).StatusCode);

        // As officially, a list passes over what it cannot read. A purge does not: it would take more than was asked for.
        Assert.Equal(3, (await ListAsync("runtimeStatus=Sleeping&createdTimeFrom=yesterday&top=many&showInput=perhaps")).Length);
        Assert.Empty(await ListAsync("runtimeStatus=Sleeping,Failed"));
        foreach (var unclear in (string[])["runtimeStatus=Completed", "createdTimeFrom=yesterday", $"createdTimeFrom={yesterday}&createdTimeTo=today", $"createdTimeFrom={yesterday}&runtimeStatus=Sleeping"])
            Assert.Equal(HttpStatusCode.BadRequest, (await App.Http.DeleteAsync($"{Root}/instances?{Code}&{unclear}")).StatusCode);

        foreach (var nothing in (string[])[$"createdTimeFrom={tomorrow}", $"createdTimeFrom={yesterday}&createdTimeTo={yesterday}", $"createdTimeFrom={yesterday}&runtimeStatus=Failed,Terminated"])
            Assert.Equal(HttpStatusCode.NotFound, (await App.Http.DeleteAsync($"{Root}/instances?{Code}&{nothing}")).StatusCode);
        var purged = await App.Http.DeleteAsync($"{Root}/instances?{Code}&createdTimeFrom={yesterday}&createdTimeTo={tomorrow}&runtimeStatus=Completed");
        Assert.Equal("""{"instancesDeleted":3}""", await purged.Content.ReadAsStringAsync());
        Assert.Empty(await ListAsync("showInput=false"));
    }

    private Task<HttpResponseMessage> StartingAsync(string name, string? input, string query, string? id = null)
        => PostAsync($"/orchestrators/{name}{(id is null ? "" : $"/{id}")}?{query}", input);

    private Task<HttpResponseMessage> RaiseAsync(string id, string content, string type) => PostAsync($"/instances/{id}/raiseEvent/go", content, type);
}
