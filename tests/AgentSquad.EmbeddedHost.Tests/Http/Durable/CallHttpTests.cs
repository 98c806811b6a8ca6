using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AgentSquad.EmbeddedHost.Tests.Functions;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.DurableTask.Http;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;

namespace AgentSquad.EmbeddedHost.Tests.Http.Durable;

/// <summary>HTTP requests of orchestrators, to functions of the same app.</summary>
public sealed class CallHttpTests : IAsyncLifetime
{
    private readonly Signals _signals = new();
    private RunningApp _app = null!;

    public async Task InitializeAsync()
    {
        _app = await RunningApp.StartAsync(
            [typeof(Callers), typeof(Called)],
            builder => builder.Services.AddSingleton(_signals),
            new Dictionary<string, string?>
            {
                ["AzureWebJobsStorage"] = await SharedAzurite.ConnectionStringAsync(),
                ["AzureFunctionsJobHost:extensions:durableTask:hubName"] = SharedAzurite.NewHubName(),
                ["AzureFunctionsJobHost:extensions:durableTask:httpSettings:defaultAsyncRequestSleepTimeMilliseconds"] = "20",
            });
        await _app.WhenActiveAsync();
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task CallHttp_WithHeadersAndContent_ReturnsTheAnswerWhateverItsStatus()
    {
        Assert.Equal("201 application/json {\"n\":1} seen by Mirror", (await RunAsync("Post")).GetString());
        Assert.Equal("404", (await RunAsync("GetMissing")).GetString());
    }

    [Fact]
    public async Task CallHttp_AsynchronousPattern_PollsTheLocationUntilItIsDone()
    {
        Assert.Equal("200 done", (await RunAsync("Poll")).GetString());
        Assert.Equal(["poll", "poll", "poll"], _signals.Notes);
        _signals.Notes.Clear();
        Assert.Equal("202", (await RunAsync("DoNotPoll")).GetString());
    }

    [Fact]
    public async Task CallHttp_RetryOptions_TryAgainWhatTheyName()
    {
        Assert.Equal("200 after 3", (await RunAsync("Retry")).GetString());
        Assert.Equal("503 after 2", (await RunAsync("RetryTwice")).GetString());
    }

    [Fact]
    public async Task CallHttp_NobodyAnswers_FailsTheTask()
        => Assert.Equal("TaskFailedException", (await RunAsync("Unreachable")).GetString());

    private async Task<JsonElement> RunAsync(string orchestrator)
    {
        var started = await _app.Http.PostAsJsonAsync($"/api/run/{orchestrator}", _app.Http.BaseAddress!.ToString());
        return await started.Content.ReadFromJsonAsync<JsonElement>();
    }

    internal sealed class Callers
    {
        [Function("Run")]
        public static async Task<HttpResponseData> RunAsync(
            [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "run/{name}")] HttpRequestData request, [DurableClient] DurableTaskClient client, string name)
        {
            var id = await client.ScheduleNewOrchestrationInstanceAsync(name, await request.ReadFromJsonAsync<string>());
            var end = await client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true);
            var response = request.CreateResponse(HttpStatusCode.OK);
            await response.WriteStringAsync(end.SerializedOutput ?? JsonSerializer.Serialize(end.FailureDetails?.ErrorMessage));
            return response;
        }

        [Function("Post")]
        public static async Task<string> PostAsync([OrchestrationTrigger] TaskOrchestrationContext context, string root)
        {
            var response = await context.CallHttpAsync(new DurableHttpRequest(HttpMethod.Post, new Uri($"{root}api/mirror"))
            {
                Content = """{"n":1}""",
                Headers = new Dictionary<string, StringValues> { ["Content-Type"] = "application/json", ["X-Two"] = new[] { "a", "b" } },
            });
            return $"{(int)response.StatusCode} {response.Content} seen by {response.Headers!["x-seen-by"]}";
        }

        [Function("GetMissing")]
        public static async Task<string> GetMissingAsync([OrchestrationTrigger] TaskOrchestrationContext context, string root)
            => $"{(int)(await context.CallHttpAsync(HttpMethod.Get, new Uri($"{root}api/missing"))).StatusCode}";

        [Function("Poll")]
        public static async Task<string> PollAsync([OrchestrationTrigger] TaskOrchestrationContext context, string root)
        {
            var response = await context.CallHttpAsync(new DurableHttpRequest(HttpMethod.Get, new Uri($"{root}api/long")) { AsynchronousPatternEnabled = true });
            return $"{(int)response.StatusCode} {response.Content}";
        }

        [Function("DoNotPoll")]
        public static async Task<string> DoNotPollAsync([OrchestrationTrigger] TaskOrchestrationContext context, string root)
            => $"{(int)(await context.CallHttpAsync(HttpMethod.Get, new Uri($"{root}api/long"))).StatusCode}";

        [Function("Retry")]
        public static Task<string> RetryAsync([OrchestrationTrigger] TaskOrchestrationContext context, string root) => FlakyAsync(context, root, "first", 5);

        [Function("RetryTwice")]
        public static Task<string> RetryTwiceAsync([OrchestrationTrigger] TaskOrchestrationContext context, string root) => FlakyAsync(context, root, "second", 2);

        [Function("Unreachable")]
        public static async Task<string> UnreachableAsync([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            try
            {
                return $"{(await context.CallHttpAsync(HttpMethod.Get, new Uri("http://127.0.0.1:1/"))).StatusCode}";
            }
            catch (TaskFailedException failure)
            {
                return failure.GetType().Name;
            }
        }

        private static async Task<string> FlakyAsync(TaskOrchestrationContext context, string root, string name, int attempts)
        {
            var retry = new HttpRetryOptions([HttpStatusCode.ServiceUnavailable]) { FirstRetryInterval = TimeSpan.FromMilliseconds(10), MaxNumberOfAttempts = attempts };
            var response = await context.CallHttpAsync(HttpMethod.Get, new Uri($"{root}api/flaky/{name}"), retryOptions: retry);
            return $"{(int)response.StatusCode} {response.Content}";
        }
    }

    internal sealed class Called(Signals signals)
    {
        [Function("Mirror")]
        public static async Task<HttpResponseData> MirrorAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "mirror")] HttpRequestData request)
        {
            var response = request.CreateResponse(HttpStatusCode.Created);
            response.Headers.Add("X-Seen-By", "Mirror");
            var type = request.Headers.GetValues("Content-Type").Single();
            await response.WriteStringAsync($"{type} {await request.ReadAsStringAsync()}");
            return response;
        }

        [Function("Long")]
        public HttpResponseData Long([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "long")] HttpRequestData request)
        {
            var response = request.CreateResponse(HttpStatusCode.Accepted);
            response.Headers.Add("Location", "/api/long/status");
            return response;
        }

        [Function("LongStatus")]
        public async Task<HttpResponseData> LongStatusAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "long/status")] HttpRequestData request)
        {
            signals.Notes.Enqueue("poll");
            var response = request.CreateResponse(signals.Notes.Count < 3 ? HttpStatusCode.Accepted : HttpStatusCode.OK);
            response.Headers.Add("Location", "/api/long/status");
            await response.WriteStringAsync("done");
            return response;
        }

        [Function("Flaky")]
        public async Task<HttpResponseData> FlakyAsync(
            [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "flaky/{name}")] HttpRequestData request, string name)
        {
            signals.Notes.Enqueue(name);
            var calls = signals.Notes.Count(note => note == name);
            var response = request.CreateResponse(calls < 3 ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK);
            await response.WriteStringAsync($"after {calls}");
            return response;
        }
    }
}
