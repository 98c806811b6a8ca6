using AgentSquad.EmbeddedHost.Functions.Configuration;
using AgentSquad.EmbeddedHost.Functions.Discovery;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Configuration;

namespace AgentSquad.EmbeddedHost.Tests.Functions;

/// <summary>What discovery finds, and what it says about what it cannot use.</summary>
public sealed class DiscoveryTests
{
    [Fact]
    public void Discover_ValidFunctions_AreFoundWithTheirTriggers()
    {
        var catalog = Discover(typeof(Valid));
        Assert.Equal(
            ["Act", "Fetch", "Orchestrate", "Receive", "Tick"], catalog.All.Select(function => function.Name).Order(StringComparer.Ordinal));
        Assert.True(catalog.TryGetOrchestrator("ORCHESTRATE", out _));
        Assert.True(catalog.TryGetActivity("renamed", out var activity));
        Assert.Equal("Act", activity.Name);
        Assert.False(catalog.TryGetActivity("Act", out _));
        Assert.True(catalog.NeedsTaskHub);
        var fetch = catalog.Of(FunctionTrigger.Http).Single();
        Assert.Equal("httpTrigger", fetch.Definition.InputBindings["request"].Type);
        Assert.Equal("durableClient", fetch.Definition.InputBindings["client"].Type);
        Assert.Equal(["request", "client", "id", "context"], fetch.Definition.Parameters.Select(parameter => parameter.Name));
        Assert.Equal(fetch.Definition.Id, Discover(typeof(Valid)).Of(FunctionTrigger.Http).Single().Definition.Id);
    }

    [Fact]
    public void FromEntryAssembly_References_AreSearchedWhenTheyKnowTheAttributes()
    {
        var assemblies = FunctionSource.AssembliesOf(typeof(DiscoveryTests).Assembly).Select(assembly => assembly.GetName().Name);
        Assert.Equal(["AgentSquad.EmbeddedHost.Tests"], assemblies);
    }

    [Theory]
    [InlineData(typeof(NoTrigger), "needs exactly one parameter with a trigger attribute and has 0")]
    [InlineData(typeof(TwoTriggers), "needs exactly one parameter with a trigger attribute and has 2")]
    [InlineData(typeof(BadName), "the name must be a letter")]
    [InlineData(typeof(SameNames), "The function name 'same' is used more than once: SameNames.One, SameNames.Two")]
    [InlineData(typeof(SameActivities), "The activity name 'shared' is used more than once")]
    [InlineData(typeof(MissingRouteValue), "the parameter 'id' is not in the route 'items/{key}': add {id} to it")]
    [InlineData(typeof(BadRoute), "the route 'api/items/{id' is not valid")]
    [InlineData(typeof(SameRoutes), "Functions 'RouteOne' and 'RouteTwo' answer the same route: get api/items/{other}")]
    [InlineData(typeof(UnknownParameter), "nothing is known to fill the parameter 'service' (IDisposable) with")]
    [InlineData(typeof(BadClient), "[DurableClient] on 'client' must sit on a DurableTaskClient")]
    [InlineData(typeof(BadOrchestrator), "[OrchestrationTrigger] must sit on a TaskOrchestrationContext")]
    [InlineData(typeof(BadTimerType), "[TimerTrigger] must sit on a TimerInfo")]
    [InlineData(typeof(BadSchedule), "the schedule 'every day' is neither NCRONTAB")]
    [InlineData(typeof(BadQueue), "'Not_A_Queue' is not a queue name")]
    [InlineData(typeof(MissingSetting), "refers to the setting 'Nowhere', which is not set")]
    [InlineData(typeof(AsyncVoid), "cannot return Void")]
    [InlineData(typeof(Streams), "cannot return IAsyncEnumerable")]
    [InlineData(typeof(RefParameter), "the parameter 'value' cannot be ref, in or out")]
    [InlineData(typeof(GenericFunction), "a function cannot be generic")]
    [InlineData(typeof(AbstractClass), "needs a class that is not abstract")]
    public void Discover_WhatCannotWork_IsNamed(Type type, string expected)
    {
        var problem = Assert.Throws<HostStartException>(() => Discover(type));
        Assert.Contains(expected, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Discover_SeveralProblems_AreSaidAtOnce()
    {
        var problem = Assert.Throws<HostStartException>(() => Discover(typeof(NoTrigger), typeof(BadSchedule), typeof(Valid)));
        Assert.Equal(3, problem.Message.Split('\n').Length);
    }

    [Fact]
    public void Discover_RoutesOfTheHost_AreReserved()
    {
        var problem = Assert.Throws<HostStartException>(() => Discover([typeof(AdminRoute)], new() { ["AzureFunctionsJobHost:extensions:http:routePrefix"] = "" }));
        Assert.Contains("begins with a path of the host itself", problem.Message, StringComparison.Ordinal);
        Assert.Single(Discover(typeof(AdminRoute)).All);
    }

    private static FunctionCatalog Discover(params Type[] types) => Discover(types, []);

    private static FunctionCatalog Discover(Type[] types, Dictionary<string, string?> settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        return new FunctionDiscovery(new FunctionSource(types), HostSettings.Load(configuration), configuration).Discover();
    }

#pragma warning disable CA1801, IDE0060 // Functions that only need to be looked at.
    private sealed class Valid
    {
        [Function("Fetch")]
        public static string Fetch(
            [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "fetch/{id:guid}")] HttpRequestData request,
            [DurableClient] DurableTaskClient client,
            Guid id,
            FunctionContext context)
            => "";

        [Function("Receive")]
        public static void Receive([QueueTrigger("intake")] string message, long dequeueCount)
        {
        }

        [Function("Tick")]
        public static void Tick([TimerTrigger("0 */5 * * * *")] TimerInfo timer)
        {
        }

        [Function("Orchestrate")]
        public static Task Orchestrate([OrchestrationTrigger] TaskOrchestrationContext context) => Task.CompletedTask;

        [Function("Act")]
        public static ValueTask<int> ActAsync([ActivityTrigger(Activity = "Renamed")] int value) => ValueTask.FromResult(value);
    }

    private sealed class NoTrigger
    {
        [Function("A")]
        public static void Run(string value)
        {
        }
    }

    private sealed class TwoTriggers
    {
        [Function("A")]
        public static void Run([QueueTrigger("one")] string one, [QueueTrigger("two")] string two)
        {
        }
    }

    private sealed class BadName
    {
        [Function("1 two")]
        public static void Run([QueueTrigger("one")] string one)
        {
        }
    }

    private sealed class SameNames
    {
        [Function("same")]
        public static void One([QueueTrigger("one")] string one)
        {
        }

        [Function("Same")]
        public static void Two([QueueTrigger("two")] string two)
        {
        }
    }

    private sealed class SameActivities
    {
        [Function("A")]
        public static void One([ActivityTrigger(Activity = "shared")] string one)
        {
        }

        [Function("Shared")]
        public static void Two([ActivityTrigger] string two)
        {
        }
    }

    private sealed class MissingRouteValue
    {
        [Function("A")]
        public static string Run([HttpTrigger("get", Route = "items/{key}")] HttpRequestData request, string id) => id;
    }

    private sealed class BadRoute
    {
        [Function("A")]
        public static string Run([HttpTrigger("get", Route = "items/{id")] HttpRequestData request) => "";
    }

    private sealed class SameRoutes
    {
        [Function("RouteOne")]
        public static string One([HttpTrigger("get", Route = "items/{id}")] HttpRequestData request) => "";

        [Function("RouteTwo")]
        public static string Two([HttpTrigger("get", "post", Route = "items/{other}")] HttpRequestData request) => "";
    }

    private sealed class UnknownParameter
    {
        [Function("A")]
        public static void Run([QueueTrigger("one")] string one, IDisposable service)
        {
        }
    }

    private sealed class BadClient
    {
        [Function("A")]
        public static string Run([HttpTrigger] HttpRequestData request, [DurableClient] string client) => client;
    }

    private sealed class BadOrchestrator
    {
        [Function("A")]
        public static string Run([OrchestrationTrigger] string context) => context;
    }

    private sealed class BadTimerType
    {
        [Function("A")]
        public static void Run([TimerTrigger("0 * * * * *")] string timer)
        {
        }
    }

    private sealed class BadSchedule
    {
        [Function("B")]
        public static void Run([TimerTrigger("every day")] TimerInfo timer)
        {
        }
    }

    private sealed class BadQueue
    {
        [Function("A")]
        public static void Run([QueueTrigger("Not_A_Queue")] string message)
        {
        }
    }

    private sealed class MissingSetting
    {
        [Function("A")]
        public static void Run([QueueTrigger("%Nowhere%")] string message)
        {
        }
    }

    private sealed class AsyncVoid
    {
        [Function("A")]
        public static async void Run([QueueTrigger("one")] string message) => await Task.Yield();
    }

    private sealed class Streams
    {
        [Function("A")]
        public static IAsyncEnumerable<string> Run([HttpTrigger] HttpRequestData request) => AsyncEnumerable.Empty<string>();
    }

    private sealed class RefParameter
    {
        [Function("A")]
        public static void Run([QueueTrigger("one")] string message, ref int value)
        {
        }
    }

    private sealed class GenericFunction
    {
        [Function("A")]
        public static void Run<T>([QueueTrigger("one")] T message)
        {
        }
    }

    private abstract class AbstractClass
    {
        [Function("A")]
        public void Run([QueueTrigger("one")] string message)
        {
        }
    }

    private sealed class AdminRoute
    {
        [Function("A")]
        public static string Run([HttpTrigger("get", Route = "admin/things")] HttpRequestData request) => "";
    }
#pragma warning restore CA1801, IDE0060
}
