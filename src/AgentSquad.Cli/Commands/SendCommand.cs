using System.CommandLine;
using System.Net.Http.Headers;
using System.Text.Json;
using AgentSquad.Atlassian.Webhooks;
using AgentSquad.Cli.LocalSystem;
using AgentSquad.Cli.Output;
using AgentSquad.Cli.Webhooks;

namespace AgentSquad.Cli.Commands;

/// <summary><c>squad send</c>: signs a recorded webhook and posts it.</summary>
internal static class SendCommand
{
    private const string WebhookPath = "/api/jira/webhook";

    /// <summary>Creates the command.</summary>
    public static Command Create()
    {
        var file = new Argument<FileInfo>("file") { Description = "The recorded webhook (JSON)" };
        var seed = new Option<bool>("--seed") { Description = "First create the webhook's ticket in the sandbox" };
        var url = new Option<Uri?>("--url")
        {
            Description = "Where to post it; default is the webhook address of the running system",
            HelpName = "address",
        };
        var keepTimestamp = new Option<bool>("--keep-timestamp")
        {
            Description = "Keep the recorded time (events older than 24 hours are ignored)",
        };
        var command = new Command(
            "send",
            "Signs a recorded webhook and posts it. Its time becomes now; against a sandbox, addresses of its site become the sandbox's.")
        {
            file, seed, url, keepTimestamp,
        };
        command.SetAction((parsed, cancellation) => SendAsync(
            Shared.StateFolder(parsed),
            parsed.GetValue(file)!,
            parsed.GetValue(url),
            parsed.GetValue(seed),
            parsed.GetValue(keepTimestamp),
            cancellation));
        return command;
    }

    private static async Task<int> SendAsync(
        string stateFolder, FileInfo file, Uri? url, bool seed, bool keepTimestamp, CancellationToken cancellation)
    {
        if (!file.Exists) throw new CliException($"There is no file '{file}'.");
        var system = url is null ? SystemFile.Require(stateFolder) : SystemFile.Find(stateFolder);
        var target = url ?? new Uri(system!.FunctionApp + WebhookPath);
        var secret = system?.WebhookSecret ?? Shared.Settings().FindText("Jira__WebhookSecret")
            ?? throw new CliException("No webhook secret is known: set Jira__WebhookSecret to the one that the function app has.");

        var webhook = RecordedWebhook.Read(file.FullName);
        if (!keepTimestamp && webhook.SetTimestamp(DateTimeOffset.UtcNow)) Terminal.WriteErrorLine("timestamp set to now");
        if (system?.Sandbox is { } sandbox && webhook.Site is { } site && webhook.MoveTo(sandbox))
        {
            Terminal.WriteErrorLine($"addresses of {site} set to {sandbox}");
        }

        using var http = LocalHttp.Create();
        if (seed)
        {
            var ticket = webhook.TicketToSeed();
            await SandboxAdmin.SeedAsync(
                http, system?.Sandbox ?? throw new CliException("--seed needs a running sandbox: start one with 'squad up' without a Jira site."), ticket, cancellation);
            Terminal.WriteErrorLine($"{ticket["key"]} created in the sandbox");
        }

        return await PostAsync(http, target, webhook.Body, secret, cancellation);
    }

    private static async Task<int> PostAsync(
        HttpClient http, Uri target, ReadOnlyMemory<byte> body, string secret, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, target) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add(WebhookHeaders.Signature, WebhookSigner.Sign(body.Span, secret));
        request.Headers.Add(WebhookHeaders.Identifier, $"{Guid.NewGuid()}");
        using var response = await http.SendAsync(request, cancellation);
        var said = (await response.Content.ReadAsStringAsync(cancellation)).Trim();
        Terminal.WriteLine($"{(int)response.StatusCode} {response.ReasonPhrase}{(DeliveryId(said) is { } id ? $", delivery {id}" : $" {said}")}");
        return response.IsSuccessStatusCode ? ExitCode.Success : ExitCode.Failure;
    }

    private static string? DeliveryId(string answer)
    {
        try
        {
            using var document = JsonDocument.Parse(answer);
            return document.RootElement.TryGetProperty("deliveryId", out var id) ? id.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
