using System.Reflection;
using AgentSquad.TestSupport;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace AgentSquad.EmbeddedHost.Tests.Surface;

/// <summary>What the embedded host declares in Microsoft.* namespaces is a subset of the official API, member by member.</summary>
public sealed class SurfaceTests
{
    private const string PlantedNamespace = "AgentSquad.EmbeddedHost.Tests.Surface.Planted.";

    private static readonly Assembly Host = typeof(FunctionContext).Assembly;

    [SkippableFact]
    public void Surface_EveryDeclaredMember_IsOfficial()
    {
        var official = Official();
        var differences = Declared().SelectMany(type => SurfaceComparison.NotOfficial(type, official)).ToArray();
        Assert.True(differences.Length == 0, $"Not in the official API:\n{string.Join('\n', differences)}");
    }

    [SkippableFact]
    public void Surface_OverloadsAndAbstractMembers_AreComplete()
    {
        var official = Official();
        var missing = Declared().SelectMany(type => SurfaceComparison.Missing(type, official)).ToArray();
        Assert.True(missing.Length == 0, $"Missing from the surface:\n{string.Join('\n', missing)}");
    }

    /// <summary>What an orchestrator and a client can do is all there; the exceptions are in docs/engine.md, each with its reason.</summary>
    [SkippableTheory]
    [InlineData(typeof(TaskOrchestrationContext))]
    [InlineData(typeof(TaskOrchestrationContextExtensionMethods))]
    [InlineData(typeof(DurableTaskClient))]
    [InlineData(typeof(Microsoft.DurableTask.Client.DurableTaskClientExtensions))]
    [InlineData(typeof(Microsoft.Azure.Functions.Worker.DurableTaskClientExtensions))]
    [InlineData(typeof(HttpManagementPayload))]
    public void ContextAndClient_OfTheListings_AreWhole(Type type)
    {
        var official = Official();
        Assert.Empty(SurfaceComparison.LeftOut(ApiDescriber.Describe(type), official));
    }

    [SkippableFact]
    public void LeftOut_PlantedGap_IsFound()
        => Assert.Contains(
            SurfaceComparison.LeftOut(Renamed(typeof(Planted.ScheduleStatus)), Official()), line => line.Contains("DateTime Next ", StringComparison.Ordinal));

    [Theory]
    [InlineData("Microsoft.DurableTask.Entities")]
    [InlineData("GetOrchestrationHistoryAsync")]
    public void Exceptions_OfContextAndClient_AreInTheListOfTheDocumentation(string what)
        => Assert.Contains(
            File.ReadLines(Path.Combine(RepositoryPaths.Root, "docs", "engine.md")),
            line => line.StartsWith('|') && line.Contains(what, StringComparison.Ordinal));

    [Fact]
    public void Host_PublicTypes_AreTheSurfaceOnly()
    {
        var others = Host.GetExportedTypes().Where(type => type.Namespace?.StartsWith("Microsoft.", StringComparison.Ordinal) != true);
        Assert.Empty(others);
    }

    /// <summary>Each planted type differs from the official one of its name in one way.</summary>
    [SkippableTheory]
    [InlineData(typeof(Planted.NoSuchType), "no such official type")]
    [InlineData(typeof(Planted.ScheduleStatus), "public string Extra { get; set; }")]
    [InlineData(typeof(Planted.TimerInfo), "public bool? IsPastDue { get; set; }")]
    [InlineData(typeof(Planted.FunctionAttribute), "[AttributeUsage(Class)] public class Microsoft.Azure.Functions.Worker.FunctionAttribute")]
    [InlineData(typeof(Planted.QueueTriggerAttribute), "public class Microsoft.Azure.Functions.Worker.QueueTriggerAttribute : System.Attribute")]
    [InlineData(typeof(Planted.TimerTriggerAttribute), "public TimerTriggerAttribute(string cron)")]
    [InlineData(typeof(Planted.BindingDirection), "Out = 2")]
    [InlineData(typeof(Planted.BindingContext), "public virtual System.Collections.Generic.IReadOnlyDictionary<string, object> BindingData { get; }")]
    [InlineData(typeof(Planted.FunctionContextLoggerExtensions), "GetLogger(Microsoft.Azure.Functions.Worker.FunctionContext context, string categoryName)")]
    [InlineData(typeof(Planted.FunctionsWorkerHost), "RunDefault(System.Action<Microsoft.Extensions.DependencyInjection.IServiceCollection> configureServices)")]
    public void NotOfficial_PlantedDifference_IsFound(Type planted, string expected)
    {
        var differences = SurfaceComparison.NotOfficial(Renamed(planted), Official());
        Assert.Contains(differences, line => line.Contains(expected, StringComparison.Ordinal));
    }

    [SkippableTheory]
    [InlineData(typeof(Planted.FunctionContextLoggerExtensions), "overload public static Microsoft.Extensions.Logging.ILogger<T> GetLogger<T>(")]
    [InlineData(typeof(Planted.FunctionWorkerException), "overload public FunctionWorkerException(string message, System.Exception innerException)")]
    [InlineData(typeof(Planted.RetryContext), "abstract member public abstract int RetryCount { get; }")]
    [InlineData(typeof(Planted.IFunctionActivator), "abstract member object CreateInstance(")]
    public void Missing_PlantedGap_IsFound(Type planted, string expected)
    {
        var missing = SurfaceComparison.Missing(Renamed(planted), Official());
        Assert.Contains(missing, line => line.Contains(expected, StringComparison.Ordinal));
    }

    private static IReadOnlyDictionary<string, ApiType> Official()
    {
        var folder = RepositoryPaths.InShared("official-api");
        Skip.If(folder is null, "The listings of the official API are not on this machine (../shared/official-api).");
        return ApiListing.Read(folder);
    }

    private static IEnumerable<ApiType> Declared()
        => Host.GetExportedTypes().Where(type => type.Namespace?.StartsWith("Microsoft.", StringComparison.Ordinal) == true).Select(ApiDescriber.Describe);

    private static ApiType Renamed(Type planted)
    {
        static string Rename(string text) => text.Replace(PlantedNamespace, "Microsoft.Azure.Functions.Worker.", StringComparison.Ordinal);
        var type = ApiDescriber.Describe(planted);
        return new ApiType(Rename(type.Name), Rename(type.Header), type.Members.Select(Rename).ToHashSet());
    }
}
