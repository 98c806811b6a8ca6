using AgentSquad.Agents;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace AgentSquad.Functions.Telemetry;

/// <summary>Registers the export of traces and metrics.</summary>
internal static class TelemetrySetup
{
    private static readonly string[] Endpoints =
        ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"];

    /// <summary>Exports to where the standard variables of OpenTelemetry say; without one of them nothing is collected.</summary>
    public static IServiceCollection AddSquadTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        if (!Array.Exists(Endpoints, name => !string.IsNullOrWhiteSpace(configuration[name]))) return services;
        services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("agentsquad"))
            .WithTracing(traces => traces.AddSource(AgentTelemetry.SquadSource, AgentTelemetry.ModelSource).AddOtlpExporter())
            .WithMetrics(metrics => metrics.AddMeter(AgentTelemetry.SquadSource, AgentTelemetry.ModelSource).AddOtlpExporter());
        return services;
    }
}
