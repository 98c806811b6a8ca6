using AgentSquad.Atlassian.Webhooks;
using AgentSquad.Core.Policies;

namespace AgentSquad.Cli.Explain;

/// <summary>Decides about recorded webhooks as the function app would, with no run open and whatever their site and age.</summary>
/// <param name="settings">The settings.</param>
internal sealed class WebhookExplainer(PolicySettings settings)
{
    // What the endpoint takes at most.
    private const long MaxBytes = 1024 * 1024;

    /// <summary>Explains one file. Never throws: what cannot be read is rejected with the reason.</summary>
    public WebhookExplanation Explain(string file)
    {
        try
        {
            var size = new FileInfo(file).Length;
            return size > MaxBytes ? Reject(file, $"{size:N0} bytes are more than the {MaxBytes:N0} that the endpoint takes") : Decide(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return Reject(file, exception.Message);
        }
    }

    private static WebhookExplanation Reject(string file, string reason) => new(file, null, null, "reject", reason);

    private WebhookExplanation Decide(string file)
    {
        if (!WebhookParser.TryParse(File.ReadAllBytes(file), out var ticketEvent, out var reason)) return Reject(file, reason);
        var decision = EventPolicy.Decide(ticketEvent, settings.PolicyOf(ticketEvent.ProjectKey), runIsOpen: false);
        var ticket = ticketEvent.TicketKey ?? (ticketEvent.TicketId is { } id ? $"#{id}" : null);
        return new WebhookExplanation(file, ticketEvent.Name, ticket, decision.Kind.ToString().ToLowerInvariant(), decision.Reason);
    }
}
