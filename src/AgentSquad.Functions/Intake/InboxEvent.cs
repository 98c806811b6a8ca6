using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using AgentSquad.Core.Commands;
using AgentSquad.Core.Tickets;

namespace AgentSquad.Functions.Intake;

/// <summary>An event as it waits in a run's inbox.</summary>
/// <param name="DeliveryId">Id of the delivery, or of the comment that several deliveries tell of; at most one entry per run has it.</param>
/// <param name="Starts">Whether the policy says that the event starts a run; otherwise it only matters to an open one.</param>
/// <param name="Reason">Why the policy says so, one line.</param>
/// <param name="At">When it happened, as the site says; when it was received if the site does not say.</param>
/// <param name="Event">The event without its long texts: what people wrote is read from the site.</param>
/// <param name="Operator">What an operator asked for over HTTP; null for events of the site.</param>
internal sealed record InboxEvent(
    string DeliveryId, bool Starts, string Reason, DateTimeOffset At, TicketEvent Event, OperatorCommand? Operator = null)
{
    /// <summary>Whether the trigger label starts the run.</summary>
    public bool IsByLabel { get; init; }

    /// <summary>Whether the event claims to be a comment that says <c>/squad retry</c>. The claim is judged later.</summary>
    public bool IsRetry { get; init; }

    /// <summary>Whether a run that has ended goes on, or is followed by another, because of the event.</summary>
    [JsonIgnore]
    public bool Continues => Starts || IsRetry;

    private const int LongestText = 200;

    /// <summary>Makes an entry of an event; long texts are cut, because a table row and the run's history have limits.</summary>
    public static InboxEvent Of(string deliveryId, bool starts, string reason, DateTimeOffset receivedAt, TicketEvent ticketEvent) =>
        new(IdOf(deliveryId, ticketEvent), starts, reason, ticketEvent.Timestamp ?? receivedAt, ticketEvent with
        {
            Changes = [.. ticketEvent.Changes.Take(50).Select(change => change with
            {
                FromText = Cut(change.FromText), ToText = Cut(change.ToText), From = Cut(change.From), To = Cut(change.To),
            })],
            Labels = [.. ticketEvent.Labels.Take(50)],
            Comment = ticketEvent.Comment is { } comment ? comment with { Text = "" } : null,
        })
        {
            IsRetry = CommandOf(ticketEvent) is CommandKind.Retry,
        };

    /// <summary>The command that a new comment seems to hold. A hint only: the site's own text decides.</summary>
    public static CommandKind? CommandOf(TicketEvent ticketEvent) => ticketEvent.Kind == TicketEventKind.CommentCreated
        ? SquadCommandParser.Parse(ticketEvent.Comment?.Text).Command?.Kind
        : null;

    // Data Center tells of a new comment twice, as jira:issue_updated and as comment_created, and a command counts once. What else changed with
    // it, and every edit, is news of its own.
    private static string IdOf(string deliveryId, TicketEvent ticketEvent) =>
        ticketEvent is { Kind: TicketEventKind.CommentCreated, Comment.Id: { Length: > 0 } comment, Changes.Count: 0 }
            ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"comment-created|{comment}")))[..32]
            : deliveryId;

    private static string? Cut(string? text) => text is { Length: > LongestText } ? text[..LongestText] : text;
}

/// <summary>A command that came over HTTP with a key.</summary>
/// <param name="Command">The command.</param>
/// <param name="Reason">The text after <c>revise</c>.</param>
/// <param name="By">Who says to have sent it, for the record.</param>
internal sealed record OperatorCommand(
    [property: JsonConverter(typeof(JsonStringEnumConverter<CommandKind>))] CommandKind Command, string? Reason, string By)
{
    /// <summary>The amount to <c>extend</c> the budget by.</summary>
    public decimal? Amount { get; init; }
}
