using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.DurableTask.Client;

namespace AgentSquad.EmbeddedHost.Http.Durable;

/// <summary>An instance's status as the official endpoints write it.</summary>
internal static class InstanceJson
{
    /// <summary>The status; a failed instance's output is what it failed with.</summary>
    public static JsonObject Of(OrchestrationMetadata instance, bool showInput) => new()
    {
        ["name"] = instance.Name,
        ["instanceId"] = instance.InstanceId,
        ["runtimeStatus"] = instance.RuntimeStatus.ToString(),
        ["input"] = showInput ? ManagementJson.Payload(instance.SerializedInput) : null,
        ["customStatus"] = ManagementJson.Payload(instance.SerializedCustomStatus),
        ["output"] = instance.FailureDetails is { } failure ? $"{failure.ErrorType}: {failure.ErrorMessage}" : ManagementJson.Payload(instance.SerializedOutput),
        ["createdTime"] = Seconds(instance.CreatedAt),
        ["lastUpdatedTime"] = Seconds(instance.LastUpdatedAt),
    };

    private static string Seconds(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
