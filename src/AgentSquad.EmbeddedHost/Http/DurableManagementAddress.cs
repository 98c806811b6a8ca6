using System.Runtime.CompilerServices;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.DurableTask.Client;

namespace AgentSquad.EmbeddedHost.Http;

/// <summary>Where the durable management endpoints of a client's host are, and the key that opens them.</summary>
/// <param name="BaseAddress">The host's own address, used when no request tells what the caller calls it.</param>
/// <param name="Code">The system key.</param>
internal sealed record DurableManagementAddress(Uri? BaseAddress, string? Code)
{
    /// <summary>Path of all management endpoints.</summary>
    public const string Path = "/runtime/webhooks/durabletask";

    private static readonly ConditionalWeakTable<DurableTaskClient, DurableManagementAddress> Known = [];

    /// <summary>Tells where the endpoints of a client's host are; the newest word counts.</summary>
    public static void Register(DurableTaskClient client, DurableManagementAddress address) => Known.AddOrUpdate(client, address);

    /// <summary>The address of a client's host; without base address and key for a client that no host has made.</summary>
    public static DurableManagementAddress Of(DurableTaskClient client)
        => Known.TryGetValue(client, out var address) ? address : new DurableManagementAddress(null, null);

    /// <summary>The URLs of one instance, as the sender of <paramref name="request"/> reaches them.</summary>
    public HttpManagementPayload PayloadFor(string instanceId, HttpRequestData? request)
    {
        var origin = request is not null ? OriginOf(request) : BaseAddress?.GetLeftPart(UriPartial.Authority);
        if (origin is null) throw new ArgumentException("A request is needed to tell the host's address.", nameof(request));
        return Payload(instanceId, origin);
    }

    /// <summary>The URLs of one instance below an origin such as <c>http://localhost:7071</c>.</summary>
    public HttpManagementPayload Payload(string instanceId, string origin)
    {
        var instance = $"{origin}{Path}/instances/{Uri.EscapeDataString(instanceId)}";
        var code = Code is null ? null : $"code={Uri.EscapeDataString(Code)}";
        return new HttpManagementPayload
        {
            Id = instanceId,
            StatusQueryGetUri = Url(instance, null, code),
            SendEventPostUri = Url($"{instance}/raiseEvent/{{eventName}}", null, code),
            TerminatePostUri = Url($"{instance}/terminate", "reason={text}", code),
            SuspendPostUri = Url($"{instance}/suspend", "reason={text}", code),
            ResumePostUri = Url($"{instance}/resume", "reason={text}", code),
            RewindPostUri = Url($"{instance}/rewind", "reason={text}", code),
            RestartPostUri = Url($"{instance}/restart", null, code),
            PurgeHistoryDeleteUri = Url(instance, null, code),
        };
    }

    private static string Url(string path, params string?[] query)
    {
        var text = string.Join('&', query.OfType<string>());
        return text.Length == 0 ? path : $"{path}?{text}";
    }

    // Behind a proxy the caller knows another address than the one that the request arrived at.
    private static string OriginOf(HttpRequestData request)
    {
        var host = First(request, "X-Forwarded-Host");
        if (host is null) return request.Url.GetLeftPart(UriPartial.Authority);
        return $"{First(request, "X-Forwarded-Proto") ?? request.Url.Scheme}://{host}";
    }

    private static string? First(HttpRequestData request, string header)
        => request.Headers is { } headers && headers.TryGetValues(header, out var values)
            ? values.FirstOrDefault()?.Split(',')[0].Trim() is { Length: > 0 } value ? value : null
            : null;
}
