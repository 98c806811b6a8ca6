using AgentSquad.Agents;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace AgentSquad.Functions.Telemetry;

/// <summary>Registers the export of traces and metrics; log lines are the host's to export.</summary>
internal static class TelemetrySetup
{
    private static readonly string[] Endpoints =
        ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"];

    /// <summary>
    /// Exports to where the standard variables of OpenTelemetry say, and to the Application Insights that
    /// <c>APPLICATIONINSIGHTS_CONNECTION_STRING</c> names; without any of them nothing is collected.
    /// </summary>
    /// <exception cref="OptionsValidationException">A setting is unusable; the message names it and the fix.</exception>
    public static IServiceCollection AddSquadTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        var collector = Array.Exists(Endpoints, name => !string.IsNullOrWhiteSpace(configuration[name]));
        var insights = ApplicationInsights.From(configuration);
        if (!collector && insights is null) return services;

        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("agentsquad"))
            .WithTracing(traces => traces.AddSource(AgentTelemetry.SquadSource, AgentTelemetry.ModelSource))
            .WithMetrics(metrics => metrics.AddMeter(AgentTelemetry.SquadSource, AgentTelemetry.ModelSource));
        if (collector) telemetry.WithTracing(traces => traces.AddOtlpExporter()).WithMetrics(metrics => metrics.AddOtlpExporter());
        if (insights is not null)
        {
            telemetry
                .WithTracing(traces => traces.AddAzureMonitorTraceExporter(insights.Apply))
                .WithMetrics(metrics => metrics.AddAzureMonitorMetricExporter(insights.Apply));
        }

        return services;
    }
}
