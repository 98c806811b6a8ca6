using System.Text.Json;
using AgentSquad.EmbeddedHost.TaskHub.Storage;

namespace AgentSquad.EmbeddedHost.TaskHub;

/// <summary>
/// Keeps the two kinds of host apart on one storage account. A blob in the container <c>agentsquad-hosts</c> names the kind that a task hub
/// (<c>hub/{name}</c>) or an intake queue (<c>queue/{name}</c>) belongs to: <c>{"host":"EmbeddedHost","format":1}</c>. The first host to come
/// writes it; a host of another kind refuses to start. The marker says nothing about which process of its kind is at work.
/// </summary>
internal sealed class OwnerMarker(IBlobStorage markers)
{
    /// <summary>The container of all markers of an account.</summary>
    public const string Container = "agentsquad-hosts";

    /// <summary>What this host calls itself.</summary>
    public const string EmbeddedHost = "EmbeddedHost";

    /// <summary>The task hub format that this build keeps; a newer one is refused.</summary>
    public const int Format = 1;

    /// <summary>Markers on an account.</summary>
    public static OwnerMarker On(StorageAccount account) => new(new AzureBlobStorage(account, Container));

    /// <summary>Claims a task hub for this kind of host, or throws <see cref="ForeignOwnerException"/>.</summary>
    public Task ClaimHubAsync(string hubName, CancellationToken cancellationToken) =>
        ClaimAsync("task hub", hubName, $"hub/{hubName.ToLowerInvariant()}", EmbeddedHost, cancellationToken);

    /// <summary>Claims an intake queue for this kind of host, or throws <see cref="ForeignOwnerException"/>.</summary>
    public Task ClaimQueueAsync(string queueName, CancellationToken cancellationToken) =>
        ClaimAsync("queue", queueName, $"queue/{queueName.ToLowerInvariant()}", EmbeddedHost, cancellationToken);

    /// <summary>Claims something under a marker's name for a kind of host.</summary>
    public async Task ClaimAsync(string what, string name, string blob, string host, CancellationToken cancellationToken)
    {
        await markers.EnsureContainerAsync(cancellationToken);
        var own = JsonSerializer.SerializeToUtf8Bytes(new { host, format = Format });
        byte[]? found;
        do
        {
            // The usual case first: the marker is there since the first start.
            found = await markers.GetAsync(blob, cancellationToken);
            if (found is null && await markers.PutAsync(blob, own, onlyIfAbsent: true, cancellationToken)) return;
        }
        while (found is null);

        var (owner, format) = Read(found, blob);
        var release = $"stop it and delete the blob '{blob}' in the container '{Container}', or use another name or storage account";
        if (owner != host)
        {
            throw new ForeignOwnerException(
                $"The {what} '{name}' belongs to the host '{owner}'; this is '{host}'. Two kinds of host cannot share it: to hand it over, {release}.");
        }

        if (format > Format)
        {
            throw new ForeignOwnerException(
                $"The {what} '{name}' has format {format}; this version of AgentSquad knows formats up to {Format}. Run the newer version.");
        }
    }

    private static (string Host, int Format) Read(byte[] content, string blob)
    {
        try
        {
            using var marker = JsonDocument.Parse(content);
            return (marker.RootElement.GetProperty("host").GetString() ?? "", marker.RootElement.GetProperty("format").GetInt32());
        }
        catch (Exception unreadable) when (unreadable is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new ForeignOwnerException($"The blob '{blob}' in the container '{Container}' is no owner marker: {unreadable.Message}");
        }
    }
}
