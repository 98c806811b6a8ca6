using System.Data.Common;
using Azure.Core;
using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace AgentSquad.Functions.Telemetry;

/// <summary>
/// Which Application Insights the app sends to, and as whom. The settings are those that the Functions host reads for its own telemetry
/// (https://learn.microsoft.com/azure/azure-functions/functions-app-settings).
/// </summary>
internal sealed record ApplicationInsights(string ConnectionString, TokenCredential? Credential)
{
    private const string Connection = "APPLICATIONINSIGHTS_CONNECTION_STRING";
    private const string Authentication = "APPLICATIONINSIGHTS_AUTHENTICATION_STRING";

    /// <summary>The configured one, or null when none is.</summary>
    /// <exception cref="OptionsValidationException">A setting is unusable; the message names it and the fix.</exception>
    public static ApplicationInsights? From(IConfiguration configuration)
    {
        if (configuration[Connection] is not { } connection || string.IsNullOrWhiteSpace(connection)) return null;
        if (!Parts(Connection, connection).ContainsKey("InstrumentationKey"))
        {
            throw Unusable($"{Connection} names no InstrumentationKey. Copy the connection string from the overview page of Application Insights, or remove the setting.");
        }

        return new ApplicationInsights(connection, CredentialOf(configuration[Authentication]));
    }

    /// <summary>Sets an exporter up.</summary>
    public void Apply(AzureMonitorExporterOptions options)
    {
        options.ConnectionString = ConnectionString;
        options.Credential = Credential;

        // A run is one trace, however long it takes, and a site has few of them: none is left out.
        options.TracesPerSecond = null;
        options.SamplingRatio = 1;
    }

    private static DefaultAzureCredential? CredentialOf(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        var parts = Parts(Authentication, text);
        if (!parts.TryGetValue("Authorization", out var kind) || !string.Equals(kind as string, "AAD", StringComparison.OrdinalIgnoreCase))
        {
            throw Unusable($"{Authentication} must say Authorization=AAD, with ClientId=... for a user-assigned identity; remove it to sign in with the connection string alone.");
        }

        return new DefaultAzureCredential(new DefaultAzureCredentialOptions { ManagedIdentityClientId = parts.TryGetValue("ClientId", out var client) ? client as string : null });
    }

    private static DbConnectionStringBuilder Parts(string setting, string text)
    {
        try
        {
            return new DbConnectionStringBuilder { ConnectionString = text };
        }
        catch (ArgumentException)
        {
            // The parser's message may quote the value.
            throw Unusable($"{setting} is not a list of name=value pairs separated by semicolons. Copy it again from the portal, or remove the setting.");
        }
    }

    private static OptionsValidationException Unusable(string message) => new(nameof(ApplicationInsights), typeof(ApplicationInsights), [message]);
}
