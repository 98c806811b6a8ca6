using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace AgentSquad.Cli.LocalSystem;

/// <summary>A run's history, from the management endpoints of Durable Functions.</summary>
internal static class RunHistory
{
    // What names an event, in the order in which the fields say most.
    private static readonly string[] Names = ["FunctionName", "Name", "Reason"];

    /// <summary>Reads the history of an instance.</summary>
    /// <returns>Its events, oldest first.</returns>
    /// <exception cref="CliException">The host has no such instance, or does not take the key.</exception>
    public static async Task<IReadOnlyList<RunHistoryEvent>> ReadAsync(HttpClient http, AppAccess app, string instanceId, CancellationToken cancellation)
    {
        var path = $"/runtime/webhooks/durabletask/instances/{Uri.EscapeDataString(instanceId)}?showHistory=true&showHistoryOutput=false";
        using var request = AppAccess.Get(app.Address + path, app.ManagementKey);
        using var response = app.Accepted(await http.SendAsync(request, cancellation));
        if (response.StatusCode == HttpStatusCode.NotFound) throw new CliException($"The host knows no instance '{instanceId}'.");
        var status = await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(cancellation);
        return status.TryGetProperty("historyEvents", out var events) && events.ValueKind == JsonValueKind.Array
            ? [.. events.EnumerateArray().Select(Read)]
            : [];
    }

    private static RunHistoryEvent Read(JsonElement item) => new(
        Text(item, "Timestamp") ?? "",
        Text(item, "EventType") ?? "",
        Names.Select(name => Text(item, name)).FirstOrDefault(text => !string.IsNullOrEmpty(text)) ?? "");

    private static string? Text(JsonElement item, string name) =>
        item.EnumerateObject().Where(p => p.NameEquals(name) || string.Equals(p.Name, name, StringComparison.OrdinalIgnoreCase))
            .Select(p => p.Value.ToString()).FirstOrDefault();
}

/// <summary>One event of a run's history.</summary>
/// <param name="Timestamp">When, as the host writes it.</param>
/// <param name="Type">Kind of event, such as <c>TaskCompleted</c>.</param>
/// <param name="Name">The function or external event that it is about; empty when it is about none.</param>
internal sealed record RunHistoryEvent(string Timestamp, string Type, string Name);
