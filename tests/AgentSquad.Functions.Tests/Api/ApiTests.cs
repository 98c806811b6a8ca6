using System.Net;
using System.Text;
using System.Text.Json;
using AgentSquad.Atlassian.Jira;
using AgentSquad.Core.Squad;
using AgentSquad.Functions.Api;
using AgentSquad.Functions.Configuration;
using AgentSquad.Functions.Intake;
using AgentSquad.Functions.Storage;
using AgentSquad.Functions.Tests.Support;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AgentSquad.Functions.Tests.Api;

[Collection(StorageTests.Name)]
public sealed class ApiTests(StorageFixture storage)
{
    private readonly FakeDurableTaskClient _client = new();

    [Fact]
    public async Task ListTickets_MorePagesThanOne_AreReadWithTheToken()
    {
        for (var i = 1; i <= 5; i++) _client.Runs.Add(TestRuns.Run($"{i}", RunStage.Work, OrchestrationRuntimeStatus.Running));
        var ids = new List<string?>();
        string? token = null;
        do
        {
            (string, string)[] headers = token is null ? [] : [(TicketsApi.ContinuationHeader, token)];
            var request = new TestRequest("GET", [], headers) { Address = new Uri("http://127.0.0.1/api/tickets?pageSize=2") };
            var response = await TicketsApi.ListTickets(request, _client);
            ids.AddRange(Json(response).EnumerateArray().Select(item => item.GetProperty("issueId").GetString()));
            token = response.Headers.TryGetValues(TicketsApi.ContinuationHeader, out var values) ? values.Single() : null;
        }
        while (token is not null);

        Assert.Equal(["1", "2", "3", "4", "5"], ids);
    }

    [Fact]
    public async Task ListTickets_Item_HasTheShapeOfTheContract()
    {
        _client.Runs.Add(TestRuns.Run("1", RunStage.Work, OrchestrationRuntimeStatus.Running));
        _client.Runs.Add(TestRuns.Run("2", RunStage.Work, OrchestrationRuntimeStatus.Running, name: "SomethingElse"));

        var item = Assert.Single(Json(await TicketsApi.ListTickets(new TestRequest("GET", []), _client)).EnumerateArray());

        Assert.Equal(
            ["ticket", "issueId", "site", "summary", "instanceId", "runStatus", "stage", "createdAt", "updatedAt"],
            item.EnumerateObject().Select(property => property.Name));
        Assert.Equal("Running", item.GetProperty("runStatus").GetString());
    }

    [Theory]
    [InlineData("0")]
    [InlineData("501")]
    public async Task ListTickets_PageSizeOutOfRange_IsRefused(string size)
    {
        var request = new TestRequest("GET", []) { Address = new Uri($"http://127.0.0.1/api/tickets?pageSize={size}") };

        Assert.Equal(HttpStatusCode.BadRequest, (await TicketsApi.ListTickets(request, _client)).StatusCode);
    }

    [Fact]
    public async Task GetTicket_KnownKey_HasStagesAndTasks()
    {
        var account = storage.NewAccount();
        await new TicketIndex(account).SetAsync("TEST-1", TestRuns.InstanceId("1"), default);
        _client.Runs.Add(TestRuns.Run("1", RunStage.Work, OrchestrationRuntimeStatus.Running));

        var response = await new TicketsApi(Locator(account), TestCosts.None).GetTicket(new TestRequest("GET", []), "test-1", _client, TestRequest.Context());

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["Triage", "Work"], Json(response).GetProperty("stages").EnumerateArray().Select(stage => stage.GetString()));
        Assert.Equal("T1", Json(response).GetProperty("tasks")[0].GetProperty("id").GetString());
        Assert.Equal(JsonValueKind.Null, Json(response).GetProperty("failure").ValueKind);
        Assert.Equal(0, Json(response).GetProperty("decisions").GetArrayLength());
    }

    [Fact]
    public async Task GetTicket_EventGaveTheKeyToAnotherId_LeadsToTheTicketThatHasIt()
    {
        var index = new TicketIndex(storage.NewAccount());
        await index.OfferAsync("TEST-1", "by an event", default);
        Assert.Equal("by an event", await index.FindAsync("test-1", default));

        await index.SetAsync("TEST-1", "by Jira", default);
        await index.OfferAsync("TEST-1", "by a forged event", default);

        Assert.Equal("by Jira", await index.FindAsync("test-1", default));
    }

    [Fact]
    public async Task GetTicket_UnknownKey_Is404() => Assert.Equal(
        HttpStatusCode.NotFound,
        (await new TicketsApi(Locator(storage.NewAccount()), TestCosts.None).GetTicket(new TestRequest("GET", []), "NO-1", _client, TestRequest.Context())).StatusCode);

    [Theory]
    [InlineData("stop", "", RunStage.Work, OrchestrationRuntimeStatus.Running, HttpStatusCode.Accepted)]
    [InlineData("pause", "{\"by\":\"ops\"}", RunStage.Work, OrchestrationRuntimeStatus.Running, HttpStatusCode.Accepted)]
    [InlineData("revise", "{\"reason\":\"smaller\"}", RunStage.Approve, OrchestrationRuntimeStatus.Running, HttpStatusCode.Accepted)]
    [InlineData("revise", "", RunStage.Approve, OrchestrationRuntimeStatus.Running, HttpStatusCode.BadRequest)]
    [InlineData("approve", "", RunStage.Approve, OrchestrationRuntimeStatus.Running, HttpStatusCode.Forbidden)]
    [InlineData("stop", "", RunStage.Deliver, OrchestrationRuntimeStatus.Completed, HttpStatusCode.Conflict)]
    [InlineData("retry", "", RunStage.Work, OrchestrationRuntimeStatus.Running, HttpStatusCode.Conflict)]
    [InlineData("retry", "", RunStage.Failed, OrchestrationRuntimeStatus.Failed, HttpStatusCode.Accepted)]
    [InlineData("dance", "", RunStage.Work, OrchestrationRuntimeStatus.Running, HttpStatusCode.BadRequest)]
    [InlineData("7", "", RunStage.Work, OrchestrationRuntimeStatus.Running, HttpStatusCode.BadRequest)]
    [InlineData("stop", "[]", RunStage.Work, OrchestrationRuntimeStatus.Running, HttpStatusCode.BadRequest)]
    public async Task PostCommand_Command_IsJudged(
        string command, string body, RunStage stage, OrchestrationRuntimeStatus status, HttpStatusCode expected)
    {
        var account = storage.NewAccount();
        await new TicketIndex(account).SetAsync("TEST-1", TestRuns.InstanceId("1"), default);
        _client.Runs.Add(TestRuns.Run("1", stage, status));
        var inbox = new Inbox(account, TimeProvider.System);
        var api = new CommandsApi(
            Locator(account), inbox, new RunStarter(inbox, TimeProvider.System, NullLogger<RunStarter>.Instance), TimeProvider.System,
            Options.Create(new SquadOptions()), NullLogger<CommandsApi>.Instance);

        var response = await api.PostCommand(
            new TestRequest("POST", Encoding.UTF8.GetBytes(body)), "TEST-1", command, _client, TestRequest.Context());

        Assert.Equal(expected, response.StatusCode);
        var isRetry = command == "retry";
        Assert.Equal(expected == HttpStatusCode.Accepted && !isRetry ? 1 : 0, _client.Woken.Count);
        Assert.Equal(expected == HttpStatusCode.Accepted && isRetry, _client.Started.SingleOrDefault()?.IsRetry ?? false);
    }

    [Fact]
    public async Task PostCommand_Accepted_IsOnRecordWithTheKeysName()
    {
        var account = storage.NewAccount();
        await new TicketIndex(account).SetAsync("TEST-1", TestRuns.InstanceId("1"), default);
        _client.Runs.Add(TestRuns.Run("1", RunStage.Work, OrchestrationRuntimeStatus.Running));
        var inbox = new Inbox(account, TimeProvider.System);
        var api = new CommandsApi(
            Locator(account), inbox, new RunStarter(inbox, TimeProvider.System, NullLogger<RunStarter>.Instance), TimeProvider.System,
            Options.Create(new SquadOptions()), NullLogger<CommandsApi>.Instance);

        await api.PostCommand(new TestRequest("POST", "{\"by\":\"Olga\"}"u8.ToArray()), "TEST-1", "stop", _client, TestRequest.Context());

        var entry = Assert.Single(await inbox.ReadAsync(TestRuns.InstanceId("1"), [], 10, default));
        Assert.Equal("an operator with the key operations (Olga)", entry.Operator?.By);
    }

    [Fact]
    public async Task Health_StorageAnswers_IsHealthy()
    {
        var response = await new HealthApi(storage.NewAccount()).Health(new TestRequest("GET", []), _client, TestRequest.Context());

        Assert.Equal((HttpStatusCode.OK, "healthy"), (response.StatusCode, Json(response).GetProperty("status").GetString()));
    }

    [Fact]
    public async Task Health_StorageDown_IsUnhealthy()
    {
        var response = await new HealthApi(StorageFixture.DownAccount()).Health(new TestRequest("GET", []), _client, TestRequest.Context());

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "unhealthy"), (response.StatusCode, Json(response).GetProperty("status").GetString()));
    }

    private static TicketLocator Locator(StorageAccount account) =>
        new(new TicketIndex(account), new SiteRegistry(Options.Create(new JiraOptions { BaseUrl = TestEvents.Site })));

    private static JsonElement Json(HttpResponseData response) => JsonDocument.Parse(TestResponse.Text(response)).RootElement;
}
