using System.Net;
using AgentSquad.EmbeddedHost.Tests.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.DurableTask;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentSquad.EmbeddedHost.Tests.Functions;

/// <summary>Middleware, services and the two ways of building an app.</summary>
public sealed class MiddlewareTests
{
    private readonly Signals _signals = new();

    [Fact]
    public async Task Middleware_SeveralAroundHttp_RunInOrderOfRegistration()
    {
        await using var app = await RunningApp.StartAsync([typeof(HttpFunctions)], builder =>
        {
            builder.Services.AddSingleton(_signals);
            builder.UseMiddleware(async (context, next) =>
            {
                _signals.Notes.Enqueue($"first in {context.FunctionDefinition.Name}");
                await next();
                _signals.Notes.Enqueue("first out");
            });
            builder.UseMiddleware<Second>();
            builder.UseWhen<Second>(context => context.FunctionDefinition.Name == "Never");
            builder.UseWhen(context => context.FunctionDefinition.Name == "Ping", async (context, next) =>
            {
                await next();
                var result = context.GetInvocationResult<string>();
                result.Value += "!";
            });
        });
        Assert.Equal("pong GET!", await app.Http.GetStringAsync("/api/Ping"));
        Assert.Equal(["first in Ping", "second in /api/Ping", "second out", "first out"], _signals.Notes);
    }

    [Fact]
    public async Task Middleware_ThatDoesNotGoOn_AnswersInTheFunctionsPlace()
    {
        await using var app = await RunningApp.StartAsync([typeof(HttpFunctions)], builder =>
        {
            builder.Services.AddSingleton(_signals);
            builder.UseMiddleware(async (context, _) =>
            {
                var request = await context.GetHttpRequestDataAsync();
                context.GetInvocationResult().Value = request!.CreateResponse(HttpStatusCode.PaymentRequired);
            });
        });
        Assert.Equal(HttpStatusCode.PaymentRequired, (await app.Http.GetAsync("/api/Ping")).StatusCode);
    }

    [Fact]
    public async Task Middleware_ThatFails_FailsTheInvocation()
    {
        await using var app = await RunningApp.StartAsync([typeof(HttpFunctions)], builder =>
        {
            builder.Services.AddSingleton(_signals);
            builder.UseMiddleware((_, _) => throw new InvalidOperationException("no entry"));
        });
        Assert.Equal(HttpStatusCode.InternalServerError, (await app.Http.GetAsync("/api/Ping")).StatusCode);
        Assert.Contains(app.Log, line => line.Contains("Executed Ping (Failed", StringComparison.Ordinal) && line.EndsWith("no entry", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Middleware_AroundOrchestratorsAndActivities_SeesBoth()
    {
        await using var app = await RunningApp.StartAsync(
            [typeof(Trip)],
            builder =>
            {
                builder.Services.AddSingleton(_signals).AddScoped<Scoped>();
                builder.UseMiddleware(async (context, next) =>
                {
                    context.Items["from"] = "middleware";
                    await next();
                    if (context.FunctionDefinition.InputBindings.Values.Any(binding => binding.Type == "activityTrigger"))
                        context.GetInvocationResult<string>().Value += " via middleware";
                    _signals.Notes.Enqueue($"out {context.FunctionDefinition.Name} {context.BindingContext.BindingData["instanceId"]}");
                });
            },
            new Dictionary<string, string?>
            {
                ["AzureWebJobsStorage"] = await SharedAzurite.ConnectionStringAsync(),
                ["AzureFunctionsJobHost:extensions:durableTask:hubName"] = SharedAzurite.NewHubName(),
            });
        await app.WhenActiveAsync();
        var client = app.Services.GetRequiredService<EmbeddedHost.Functions.Binding.IDurableClientSource>().ClientFor(null);
        await client.ScheduleNewOrchestrationInstanceAsync("Travel", new StartOrchestrationOptions("trip"));
        using var patience = new CancellationTokenSource(RunningApp.Patience);
        var ended = await client.WaitForInstanceCompletionAsync("trip", getInputsAndOutputs: true, patience.Token);
        Assert.Equal("by train from middleware via middleware", ended.ReadOutputAs<string>());
        Assert.Contains("out Ride trip", _signals.Notes);
        Assert.Equal("out Travel trip", _signals.Notes.Last());
        // The activity's scope ended with the activity.
        Assert.Single(_signals.Notes, "scope of Ride ended");
    }

    [Fact]
    public async Task Services_OfAnInvocation_AreItsOwnAndEndWithIt()
    {
        await using var app = await RunningApp.StartAsync(
            [typeof(ScopedFunctions)], builder => builder.Services.AddSingleton(_signals).AddScoped<Scoped>());
        var first = await app.Http.GetStringAsync("/api/Scopes");
        var second = await app.Http.GetStringAsync("/api/Scopes");
        Assert.NotEqual(first, second);
        Assert.Equal(2, _signals.Notes.Count(note => note == "scope of Scopes ended"));
    }

    [Fact]
    public async Task HostBuilder_WithWorkerDefaults_RunsTheSameApp()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"agentsquad-test-{Guid.NewGuid():N}");
        var host = new HostBuilder()
            .ConfigureFunctionsWorkerDefaults(
                worker => worker.UseMiddleware<Second>(),
                options => options.Serializer = new Azure.Core.Serialization.JsonObjectSerializer(System.Text.Json.JsonSerializerOptions.Web))
            .ConfigureAppConfiguration(configuration => configuration.AddInMemory(folder))
            .ConfigureServices(services => services
                .AddSingleton(_signals)
                .AddSingleton(new EmbeddedHost.Functions.Discovery.FunctionSource([typeof(HttpFunctions)])))
            .ConfigureLogging(logging => logging.SetMinimumLevel(LogLevel.Critical))
            .Build();
        await host.StartAsync();
        await using var app = RunningApp.Of(host, Path.Combine(folder, "keys.json"));
        Assert.Equal("pong GET", await app.Http.GetStringAsync("/api/Ping"));
        Assert.Equal(["second in /api/Ping", "second out"], _signals.Notes);
        using var body = new StringContent("""{"text":"hi","times":4}""");
        var response = await app.Http.PostAsync("/api/body", body);
        Assert.Equal("""{"text":"hi","times":5}""", await response.Content.ReadAsStringAsync());
    }

    internal sealed class Second(Signals signals) : IFunctionsWorkerMiddleware
    {
        public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
        {
            signals.Notes.Enqueue($"second in {(await context.GetHttpRequestDataAsync())?.Url.AbsolutePath}");
            await next(context);
            signals.Notes.Enqueue("second out");
        }
    }

    internal sealed class Scoped(Signals signals) : IDisposable
    {
        public Guid Id { get; } = Guid.NewGuid();

        public string Owner { get; set; } = "";

        public void Dispose() => signals.Notes.Enqueue($"scope of {Owner} ended");
    }

    internal sealed class ScopedFunctions(Scoped mine)
    {
        [Function("Scopes")]
        public string Scopes([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequestData request)
        {
            mine.Owner = request.FunctionContext.FunctionDefinition.Name;
            Assert.Same(mine, request.FunctionContext.InstanceServices.GetRequiredService<Scoped>());
            return mine.Id.ToString();
        }
    }

    internal sealed class Trip(Scoped mine)
    {
        [Function("Travel")]
        public static Task<string> TravelAsync([OrchestrationTrigger] TaskOrchestrationContext context) => context.CallActivityAsync<string>("Ride", "train");

        [Function("Ride")]
        public string Ride([ActivityTrigger] string by, FunctionContext context)
        {
            mine.Owner = "Ride";
            return $"by {by} from {context.Items["from"]}";
        }
    }
}
