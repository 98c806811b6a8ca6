using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AgentSquad.EmbeddedHost.Tests.Functions;
using Microsoft.Extensions.DependencyInjection;

namespace AgentSquad.EmbeddedHost.Tests.Http.Durable;

/// <summary>What the documentation of the HTTP API says beside the straight way through it.</summary>
public sealed class DurableEndpointRulesTests : IAsyncLifetime
{
    private const string Root = "/runtime/webhooks/durabletask";

    private readonly Signals _signals = new();
    private RunningApp _app = null!;

    public async Task InitializeAsync()
    {
        _app = await RunningApp.StartAsync(
            [typeof(DurableFunctions)],
            builder => builder.Services.AddSingleton(_signals),
            new Dictionary<string, string?>
            {
                ["AzureWebJobsStorage"] = await SharedAzurite.ConnectionStringAsync(),
                ["AzureFunctionsJobHost:extensions:durableTask:hubName"] = SharedAzurite.NewHubName(),
            });
        await _app.WhenActiveAsync();
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

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

        Assert.Equal(HttpStatusCode.NotFound, (await _app.Http.SendAsync(opened)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _app.Http.SendAsync(closed)).StatusCode);
    }

    [Fact]
    public async Task Start_TimeoutAndPollingInterval_AnswersWithTheEndThatComesInTime()
    {
        const string wait = "timeout=60&pollingInterval=1";
        var completed = await StartAsync("Travel", """{"Name":"Oslo","Visits":1}""", wait);
        Assert.Equal(HttpStatusCode.OK, completed.StatusCode);
        Assert.Equal("Hello Oslo", (await BodyAsync(completed)).GetProperty("Name").GetString());
        Assert.Null(completed.Headers.Location);

        var failed = await StartAsync("Fail", null, wait);
        Assert.Equal(HttpStatusCode.OK, failed.StatusCode);
        Assert.Equal("Failed", (await BodyAsync(failed)).GetProperty("runtimeStatus").GetString());
        Assert.Equal(HttpStatusCode.InternalServerError, (await StartAsync("Fail", null, $"{wait}&returnInternalServerErrorOnFailure=true")).StatusCode);

        var late = await StartAsync("Wait", null, "timeout=0.05&pollingInterval=0.01");
        Assert.Equal(HttpStatusCode.Accepted, late.StatusCode);
        Assert.Equal((await BodyAsync(late)).GetProperty("statusQueryGetUri").GetString(), late.Headers.Location!.ToString());
        Assert.Equal(10, late.Headers.RetryAfter!.Delta!.Value.TotalSeconds);
    }

    [Theory]
    [InlineData("timeout=1&pollingInterval=2", HttpStatusCode.BadRequest)]
    [InlineData("timeout=soon&pollingInterval=1", HttpStatusCode.BadRequest)]
    [InlineData("timeout=60", HttpStatusCode.Accepted)]
    [InlineData("pollingInterval=1", HttpStatusCode.Accepted)]
    public async Task Start_OnlyOneOfTheTwoOrSenseless_DoesNotWait(string query, HttpStatusCode expected)
    {
        Assert.Equal(expected, (await StartAsync("Wait", null, query)).StatusCode);
    }

    [Fact]
    public async Task Status_HistoryAndInput_AreThereOnlyWhenAskedFor()
    {
        var location = (await StartAsync("Travel", """{"Name":"Rome","Visits":0}""", "")).Headers.Location!.ToString();
        var plain = await EndedAsync(location);
        Assert.Equal(JsonValueKind.Null, plain.GetProperty("historyEvents").ValueKind);
        Assert.Equal("Rome", plain.GetProperty("input").GetProperty("Name").GetString());

        var history = await EndedAsync($"{location}&showHistory=true");
        Assert.All(history.GetProperty("historyEvents").EnumerateArray(), one => Assert.False(one.TryGetProperty("Result", out _)));
        var whole = await EndedAsync($"{location}&showHistory=true&showHistoryOutput=true");
        Assert.Contains(whole.GetProperty("historyEvents").EnumerateArray(), one => one.TryGetProperty("Result", out _));
        Assert.Equal(HttpStatusCode.BadRequest, (await _app.Http.GetAsync($"{location}&showHistory=perhaps")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _app.Http.GetAsync($"{Root}/instances/nobody?{Code}")).StatusCode);
    }

    [Fact]
    public async Task Status_NotEnded_Is202WithItsOwnAddressAndFiveSecondsAlsoWhenSuspended()
    {
        await StartAsync("Wait", null, "", "waiter");
        await _app.Http.PostAsync($"{Root}/instances/waiter/suspend?reason=pause&{Code}", null);
        using var patience = new CancellationTokenSource(RunningApp.Patience);
        HttpResponseMessage answer;
        do answer = await _app.Http.GetAsync($"{Root}/instances/waiter?{Code}&showInput=false", patience.Token);
        while ((await BodyAsync(answer)).GetProperty("runtimeStatus").GetString() != "Suspended");

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.EndsWith($"/instances/waiter?{Code}&showInput=false", answer.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Equal(5, answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds);
    }

    [Fact]
    public async Task RaiseEvent_ContentItCannotBe_IsRefusedAndTheInstanceGoesOnWaiting()
    {
        await StartAsync("Wait", null, "", "listener");
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
        for (var i = 0; i < 3; i++) await StartAsync("Travel", """{"Name":"Bern","Visits":0}""", "timeout=60&pollingInterval=1", $"trip-{i}");
        var tomorrow = Uri.EscapeDataString(DateTime.UtcNow.AddDays(1).ToString("o"));
        var yesterday = Uri.EscapeDataString(DateTime.UtcNow.AddDays(-1).ToString("o"));

        Assert.Empty(await ListAsync($"createdTimeFrom={tomorrow}"));
        Assert.Equal(3, (await ListAsync($"createdTimeFrom={yesterday}&createdTimeTo={tomorrow}&runtimeStatus=Completed&top=5000")).Length);
        Assert.Equal(2, (await ListAsync("top=2&instanceIdPrefix=trip-")).Length);
        Assert.Equal(HttpStatusCode.BadRequest, (await _app.Http.GetAsync($"{Root}/instances?{Code}&top=0")).StatusCode);
        using var wrong = new HttpRequestMessage(HttpMethod.Get, $"{Root}/instances?{Code}");
        wrong.Headers.Add("x-ms-continuation-token", "not one of ours!");
        Assert.Equal(HttpStatusCode.BadRequest, (await _app.Http.SendAsync(wrong)).StatusCode);

        foreach (var nothing in (string[])[$"createdTimeFrom={tomorrow}", $"createdTimeTo={yesterday}", "runtimeStatus=Failed,Terminated"])
            Assert.Equal(HttpStatusCode.NotFound, (await _app.Http.DeleteAsync($"{Root}/instances?{Code}&{nothing}")).StatusCode);
        var purged = await _app.Http.DeleteAsync($"{Root}/instances?{Code}&createdTimeFrom={yesterday}&createdTimeTo={tomorrow}&runtimeStatus=Completed");
        Assert.Equal("""{"instancesDeleted":3}""", await purged.Content.ReadAsStringAsync());
        Assert.Empty(await ListAsync("showInput=false"));
    }

    private string Code => $"code={Uri.EscapeDataString(_app.Keys.SystemKeys["durabletask_extension"])}";

    private static Task<JsonElement> BodyAsync(HttpResponseMessage response) => response.Content.ReadFromJsonAsync<JsonElement>();

    private Task<HttpResponseMessage> StartAsync(string name, string? input, string query, string? id = null) => _app.Http.PostAsync(
        $"{Root}/orchestrators/{name}{(id is null ? "" : $"/{id}")}?{Code}&{query}",
        input is null ? null : new StringContent(input, Encoding.UTF8, "application/json"));

    private Task<HttpResponseMessage> RaiseAsync(string id, string content, string type)
        => _app.Http.PostAsync($"{Root}/instances/{id}/raiseEvent/go?{Code}", new StringContent(content, Encoding.UTF8, type));

    private async Task<JsonElement[]> ListAsync(string query)
        => [.. (await _app.Http.GetFromJsonAsync<JsonElement>($"{Root}/instances?{Code}&{query}")).EnumerateArray()];

    private async Task<JsonElement> EndedAsync(string location)
    {
        using var patience = new CancellationTokenSource(RunningApp.Patience);
        while (true)
        {
            var response = await _app.Http.GetAsync(location, patience.Token);
            if (response.StatusCode == HttpStatusCode.OK) return await BodyAsync(response);
            Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
            await Task.Delay(20, patience.Token);
        }
    }
}
