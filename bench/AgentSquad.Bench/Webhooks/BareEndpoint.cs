using System.Net;
using System.Security.Cryptography;
using System.Text;
using Azure.Storage.Queues;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentSquad.Bench.Webhooks;

/// <summary>The least that can be done with a webhook: the same signature is checked, the same message is sent, by Kestrel alone.</summary>
internal static class BareEndpoint
{
    /// <summary>Name of its queue.</summary>
    public const string Queue = "bare-events";

    /// <summary>Variable with the storage's connection string.</summary>
    public const string Storage = "BARE_STORAGE";

    /// <summary>Variable with the secret.</summary>
    public const string Secret = "BARE_SECRET";

    /// <summary>Serves until it is killed; says where it listens.</summary>
    public static async Task<int> RunAsync(CancellationToken cancellation)
    {
        var secret = Encoding.UTF8.GetBytes(Environment.GetEnvironmentVariable(Secret) ?? "");
        var queue = new QueueClient(
            Environment.GetEnvironmentVariable(Storage), Queue, new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });
        await queue.CreateIfNotExistsAsync(cancellationToken: cancellation);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Logging.ClearProviders();
        await using var app = builder.Build();
        app.MapPost("/api/jira/webhook", async (HttpContext http) =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body, http.RequestAborted);
            var expected = Encoding.ASCII.GetBytes("sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(secret, body.ToArray())));
            if (!CryptographicOperations.FixedTimeEquals(expected, Encoding.ASCII.GetBytes(http.Request.Headers["X-Hub-Signature"].ToString()))) return Results.Unauthorized();
            await queue.SendMessageAsync(BinaryData.FromBytes(body.ToArray()), timeToLive: TimeSpan.FromSeconds(-1), cancellationToken: http.RequestAborted);
            return Results.Accepted();
        });
        await app.StartAsync(cancellation);
        Console.WriteLine($"Functions host listening on {app.Urls.Single()}");
        await Task.Delay(Timeout.Infinite, cancellation);
        return 0;
    }
}
