using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using AgentSquad.Atlassian.Webhooks;

namespace AgentSquad.Bench.Fuzz;

/// <summary>A request without a right to anything: what it says on the wire.</summary>
/// <param name="Name">What is tried.</param>
/// <param name="Wire">Bytes to send.</param>
/// <param name="IsPublic">Whether anybody may ask this, so that an answer of success is no breach.</param>
internal sealed record Attack(string Name, byte[] Wire, bool IsPublic)
{
    private static readonly string[] Methods = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "CONNECT", "FOO"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly string[] Paths =
    [
        "/api/tickets", "/api/tickets/TEST-1", "/api/tickets/TEST-1/commands/approve", "/api/tickets/TEST-1/commands/stop", "/admin/host/status", "/admin/host/keys",
        "/admin/functions", "/runtime/webhooks/durabletask/instances", "/runtime/webhooks/durabletask/instances/jira-1", "/runtime/webhooks/durabletask/instances/jira-1/terminate",
        "/runtime/webhooks/durabletask/instances/jira-1/raiseEvent/wake", "/runtime/webhooks/durabletask/orchestrators/TicketOrchestrator", "/api/jira/webhook", "/api", "/", "/api/nothing",
    ];

    /// <summary>Whether it has no end by which the host could tell that all of it is there.</summary>
    public bool IsOpenEnded { get; init; }

    /// <summary>Makes one.</summary>
    /// <param name="random">Decides what.</param>
    /// <param name="corpus">Bodies of real webhooks.</param>
    /// <param name="stolen">A signature of the first body of the corpus, as someone might have seen it; valid for nothing else.</param>
    public static Attack Make(Random random, IReadOnlyList<byte[]> corpus, string stolen)
    {
        var body = corpus[random.Next(corpus.Count)];
        return random.Next(9) switch
        {
            0 => Webhook("mutated, unsigned", Mutator.Bytes(body, random)),
            1 => Webhook("real, unsigned", body),
            2 => Webhook("noise", Mutator.RandomBytes(random, random.Next(0, 3000)), $"X-Hub-Signature: sha256={Convert.ToHexStringLower(Mutator.RandomBytes(random, 32))}"),
            3 => Webhook("signature game", body, Signature(random, body)),
            4 => Webhook("stolen signature", Mutator.Bytes(corpus[0], random) is var other && other.AsSpan().SequenceEqual(corpus[0]) ? [.. other, 32] : other, $"X-Hub-Signature: {stolen}"),
            5 => Malformed(random, body),
            _ => Route(random, body),
        };
    }

    /// <summary>Sends it and reads the status of the answer; null when there is none.</summary>
    public async Task<int?> SendAsync(Uri target, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        try
        {
            using var client = new TcpClient { NoDelay = true };
            await client.ConnectAsync(target.Host, target.Port, limit.Token);
            var stream = client.GetStream();
            await stream.WriteAsync(Wire, limit.Token);

            // Who hangs up early gets no answer; only what has no end of its own is ended so.
            if (IsOpenEnded) client.Client.Shutdown(SocketShutdown.Send);
            var buffer = new byte[64];
            var read = await stream.ReadAtLeastAsync(buffer, 12, throwOnEndOfStream: false, limit.Token);
            var line = Encoding.ASCII.GetString(buffer, 0, read);
            return line.StartsWith("HTTP/1.", StringComparison.Ordinal) && int.TryParse(line.AsSpan(9, 3), out var status) ? status : null;
        }
        catch (Exception e) when (e is IOException or SocketException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return null;
        }
    }

    private static Attack Webhook(string name, byte[] body, params string[] headers) => Request(name, "POST", "/api/jira/webhook", body, headers);

    private static string Signature(Random random, byte[] body)
    {
        var wrong = WebhookSigner.Sign(body, "not the secret");
        return "X-Hub-Signature: " + random.Next(10) switch
        {
            0 => wrong,
            1 => WebhookSigner.Sign(body, " "),
            2 => "sha256=",
            3 => wrong.ToUpperInvariant(),
            4 => "sha1=" + Convert.ToHexStringLower(Mutator.RandomBytes(random, 20)),
            5 => wrong[..^2],
            6 => wrong + "00",
            7 => $"{wrong}\r\nX-Hub-Signature: {WebhookSigner.Sign(body, "another")}",
            8 => "sha256=" + new string('0', random.Next(1, 8000)),
            _ => "sha256=" + Convert.ToHexStringLower(SHA256.HashData(body)),
        };
    }

    private static Attack Route(Random random, byte[] body)
    {
        var method = Methods[random.Next(Methods.Length)];
        var path = Paths[random.Next(Paths.Length)];
        path = random.Next(8) switch
        {
            0 => path.Replace("/", "//", StringComparison.Ordinal),
            1 => path.ToUpperInvariant(),
            2 => path.Replace("a", "%61", StringComparison.Ordinal),
            3 => path + "/../../admin/host/status",
            4 => path + "/%2e%2e/%2e%2e/",
            5 => path + "%00",
            _ => path,
        };
        var query = random.Next(6) switch
        {
            0 => "?code=" + Convert.ToHexStringLower(Mutator.RandomBytes(random, 20)),
            1 => "?code=",
            2 => "?code=a&code=b&key=" + Uri.EscapeDataString(Mutator.Text(random)),
            3 => "?taskHub=x&connection=AzureWebJobsStorage&code=master",
            4 => "?" + new string('a', random.Next(1, 4000)),
            _ => "",
        };
        string[] headers = random.Next(4) switch
        {
            0 => ["x-functions-key: " + Convert.ToHexStringLower(Mutator.RandomBytes(random, 20))],
            1 => ["x-functions-key: ", "x-ms-client-principal: eyJ9"],
            2 => ["X-Original-URL: /admin/host/status", "X-Forwarded-For: 127.0.0.1", "X-HTTP-Method-Override: GET"],
            _ => [],
        };
        return Request($"{method} {path}", method, path + query, method is "GET" or "HEAD" ? [] : body, headers) with { IsPublic = method == "OPTIONS" };
    }

    private static Attack Malformed(Random random, byte[] body)
    {
        var kind = random.Next(10);
        var head = kind switch
        {
            0 => "POST /api/jira/webhook HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n",
            1 => $"POST /api/jira/webhook HTTP/1.1\r\nHost: x\r\nContent-Length: {body.Length + 5000}\r\n\r\n",
            2 => "POST /api/jira/webhook HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
            3 => "POST /api/jira/webhook HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
            4 => "GET / HTTP/9.9\r\n\r\n",
            5 => "POST  /api/jira/webhook  HTTP/1.1\r\n\r\n",
            6 => "POST /api/jira/webhook HTTP/1.1\r\nHost: x\r\n" + string.Concat(Enumerable.Range(0, 300).Select(i => $"X-{i}: {i}\r\n")) + "\r\n",
            7 => "POST /api/jira/webhook HTTP/1.1\r\nHost: x\r\nX-Long: " + new string('a', 100_000) + "\r\n\r\n",
            8 => "\0\0\0\0" + Encoding.Latin1.GetString(Mutator.RandomBytes(random, 200)),
            _ => $"POST /api/jira/webhook HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: {body.Length}\r\n\r\n",
        };
        return new Attack($"malformed {kind}", [.. Encoding.Latin1.GetBytes(head), .. body], IsPublic: false) { IsOpenEnded = true };
    }

    private static Attack Request(string name, string method, string target, byte[] body, params string[] headers)
    {
        var head = new StringBuilder($"{method} {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n");
        foreach (var header in headers) head.Append(header).Append("\r\n");
        if (body.Length > 0 || method == "POST") head.Append("Content-Type: application/json\r\nContent-Length: ").Append(body.Length).Append("\r\n");
        head.Append("\r\n");
        return new Attack(name, [.. Encoding.Latin1.GetBytes(head.ToString()), .. body], IsPublic: false);
    }
}
