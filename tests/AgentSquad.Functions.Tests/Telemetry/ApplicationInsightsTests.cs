using System.Collections.Concurrent;
using System.Diagnostics;
using System.IO.Compression;
using AgentSquad.Agents;
using AgentSquad.Functions.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace AgentSquad.Functions.Tests.Telemetry;

public sealed class ApplicationInsightsTests
{
    private const string Key = "00000000-0000-0000-0000-00000000a5ad";

    [Fact]
    public async Task AddSquadTelemetry_ConnectionString_SendsSpansAndMetricsThere()
    {
        var received = new ConcurrentQueue<string>();
        await using var ingestion = await IngestionAsync(received);
        await using var services = Services(("APPLICATIONINSIGHTS_CONNECTION_STRING", $"InstrumentationKey={Key};IngestionEndpoint={ingestion.Urls.Single()}/"));
        var traces = services.GetRequiredService<TracerProvider>();
        var metrics = services.GetRequiredService<MeterProvider>();

        using var source = new ActivitySource(AgentTelemetry.SquadSource);
        source.StartActivity("a span of a test")!.Dispose();
        using var meter = new System.Diagnostics.Metrics.Meter(AgentTelemetry.SquadSource);
        meter.CreateCounter<long>("agentsquad.test.counter").Add(1);

        Assert.True(traces.ForceFlush());
        Assert.True(metrics.ForceFlush());
        var all = string.Join('\n', received);
        Assert.Contains("a span of a test", all, StringComparison.Ordinal);
        Assert.Contains("agentsquad.test.counter", all, StringComparison.Ordinal);
        Assert.Contains(Key, all, StringComparison.Ordinal);
    }

    [Fact]
    public void AddSquadTelemetry_NothingConfigured_CollectsNothing()
    {
        using var services = Services();
        Assert.Null(services.GetService<TracerProvider>());
    }

    [Theory]
    [InlineData("InstrumentationKey=K", null, false)]
    [InlineData("InstrumentationKey=K", "ClientId=C;Authorization=AAD", true)]
    [InlineData("InstrumentationKey=K", "Authorization=AAD", true)]
    public void From_AuthenticationString_DecidesWhetherTheIdentityIsUsed(string connection, string? authentication, bool identity)
    {
        var insights = ApplicationInsights.From(Configuration(("APPLICATIONINSIGHTS_CONNECTION_STRING", connection), ("APPLICATIONINSIGHTS_AUTHENTICATION_STRING", authentication)));
        Assert.Equal(identity, insights!.Credential is not null);
    }

    [Theory]
    [InlineData("IngestionEndpoint=https://x.example/;Secret=s3cr3t", null, "APPLICATIONINSIGHTS_CONNECTION_STRING names no InstrumentationKey")]
    [InlineData("s3cr3t", null, "APPLICATIONINSIGHTS_CONNECTION_STRING is not a list")]
    [InlineData("InstrumentationKey=K", "ClientId=s3cr3t", "APPLICATIONINSIGHTS_AUTHENTICATION_STRING must say Authorization=AAD")]
    [InlineData("InstrumentationKey=K", "s3cr3t", "APPLICATIONINSIGHTS_AUTHENTICATION_STRING is not a list")]
    public void From_Unusable_NamesTheSettingAndNotItsValue(string connection, string? authentication, string message)
    {
        var configuration = Configuration(("APPLICATIONINSIGHTS_CONNECTION_STRING", connection), ("APPLICATIONINSIGHTS_AUTHENTICATION_STRING", authentication));
        var problem = Assert.Throws<OptionsValidationException>(() => ApplicationInsights.From(configuration));
        Assert.StartsWith(message, problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", problem.ToString(), StringComparison.Ordinal);
    }

    private static IConfiguration Configuration(params (string Name, string? Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(s => s.Name, s => s.Value)).Build();

    private static ServiceProvider Services(params (string Name, string? Value)[] settings) =>
        new ServiceCollection().AddLogging().AddSquadTelemetry(Configuration(settings)).BuildServiceProvider();

    /// <summary>Takes what an exporter sends, as the ingestion endpoint of Application Insights does.</summary>
    private static async Task<WebApplication> IngestionAsync(ConcurrentQueue<string> received)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.MapPost("/v2.1/track", async (HttpRequest request) =>
        {
            await using var body = request.Headers.ContentEncoding == "gzip" ? new GZipStream(request.Body, CompressionMode.Decompress) : request.Body;
            using var reader = new StreamReader(body);
            var text = await reader.ReadToEndAsync();
            received.Enqueue(text);
            var items = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;
            return Results.Json(new { itemsReceived = items, itemsAccepted = items, errors = Array.Empty<object>() });
        });
        await app.StartAsync();
        return app;
    }
}
