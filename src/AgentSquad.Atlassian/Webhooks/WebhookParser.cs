using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using AgentSquad.Atlassian.Json;
using AgentSquad.Core.Tickets;

namespace AgentSquad.Atlassian.Webhooks;

/// <summary>
/// Reads what Jira sends: Cloud and Server, today's shapes and old ones. Nothing in a body makes it throw unexpectedly or follow an address.
/// </summary>
public static class WebhookParser
{
    // ADF in a comment nests a few dozen levels at most; anything deeper is no ticket.
    private const int MaxDepth = 128;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = MaxDepth };

    /// <summary>Reads just enough to say whether the body is a Jira event. Never throws.</summary>
    /// <param name="body">The raw bytes.</param>
    /// <param name="envelope">The envelope when it is one.</param>
    /// <param name="reason">One line that says why it is none; it never quotes the body.</param>
    public static bool TryParseEnvelope(
        ReadOnlyMemory<byte> body, [NotNullWhen(true)] out WebhookEnvelope? envelope, [NotNullWhen(false)] out string? reason) =>
        TryRead(body, Envelope, out envelope, out reason);

    /// <summary>Reads the whole event. Never throws.</summary>
    /// <param name="body">The raw bytes.</param>
    /// <param name="ticketEvent">The event when the body is one.</param>
    /// <param name="reason">One line that says why it is none; it never quotes the body.</param>
    public static bool TryParse(
        ReadOnlyMemory<byte> body, [NotNullWhen(true)] out TicketEvent? ticketEvent, [NotNullWhen(false)] out string? reason) =>
        TryRead(body, Event, out ticketEvent, out reason);

    /// <summary>Reads the whole event.</summary>
    /// <param name="body">The raw bytes.</param>
    /// <exception cref="WebhookFormatException">The body is no Jira event.</exception>
    public static TicketEvent Parse(ReadOnlyMemory<byte> body) =>
        TryParse(body, out var ticketEvent, out var reason) ? ticketEvent : throw new WebhookFormatException(reason);

    private static bool TryRead<T>(
        ReadOnlyMemory<byte> body, Func<JsonElement, T> read, [NotNullWhen(true)] out T? result, [NotNullWhen(false)] out string? reason)
        where T : class
    {
        result = null;
        reason = null;
        if (body.IsEmpty)
        {
            reason = "The body is empty.";
            return false;
        }

        try
        {
            using var document = JsonDocument.Parse(body, Options);
            reason = WhyNoEvent(document.RootElement);
            if (reason is null) result = read(document.RootElement);
        }
        catch (JsonException)
        {
            reason = $"The body is no JSON, or is nested deeper than {MaxDepth} levels.";
        }
        catch (InvalidOperationException)
        {
            // A property name with half a surrogate pair: valid JSON by the letter, but nothing that Jira writes.
            reason = "The body holds names that are no text.";
        }

        return result is not null;
    }

    private static string? WhyNoEvent(JsonElement payload)
    {
        if (payload.ValueKind != JsonValueKind.Object) return "The body is no JSON object.";
        if (WebhookEventName.Of(payload) is not { } name) return "The body names no Jira event in webhookEvent.";
        var (id, key) = TicketOf(payload);
        return WebhookEventName.KindOf(name, payload) switch
        {
            TicketEventKind.Other => null,
            TicketEventKind.CommentCreated or TicketEventKind.CommentUpdated when PayloadReading.IdOf(payload.ObjectChild("comment")) is null =>
                $"The {name} event carries no comment with an id.",
            TicketEventKind.CommentDeleted when PayloadReading.IdOf(payload.ObjectChild("comment")) is null && id is null && key is null =>
                $"The {name} event carries neither a comment nor a ticket.",
            TicketEventKind.Created or TicketEventKind.Updated or TicketEventKind.Deleted when id is null && key is null =>
                $"The {name} event carries no issue with an id or key.",
            _ => null,
        };
    }

    private static (string? Id, string? Key) TicketOf(JsonElement payload)
    {
        var issue = payload.ObjectChild("issue");
        return (PayloadReading.IdOf(issue) ?? PayloadReading.TicketIdInCommentAddress(payload.ObjectChild("comment")), PayloadReading.KeyOf(issue));
    }

    private static WebhookEnvelope Envelope(JsonElement payload)
    {
        var (id, key) = TicketOf(payload);
        return new WebhookEnvelope(WebhookEventName.Of(payload)!, id, key, PayloadReading.TimestampOf(payload));
    }

    private static TicketEvent Event(JsonElement payload)
    {
        var name = WebhookEventName.Of(payload)!;
        var kind = WebhookEventName.KindOf(name, payload);
        var (id, key) = TicketOf(payload);
        var issue = payload.ObjectChild("issue");
        var fields = issue?.ObjectChild("fields");
        var comment = payload.ObjectChild("comment");
        var (added, removed) = ChangelogReading.LabelsOf(payload);
        return new TicketEvent
        {
            Kind = kind,
            Name = name,
            Site = PayloadReading.SiteOf(issue, comment, payload.ObjectChild("user"), comment?.ObjectChild("author")),
            TicketId = id,
            TicketKey = key,
            ProjectKey = fields?.ObjectChild("project")?.Text("key") ?? key?[..key.LastIndexOf('-')],
            IssueType = fields?.ObjectChild("issuetype")?.Text("name"),
            Priority = fields?.ObjectChild("priority")?.Text("name"),
            Components = FieldReading.ComponentsOf(fields),
            Fields = FieldReading.OwnFieldsOf(fields),
            Assignee = PayloadReading.PersonOf(fields?.ObjectChild("assignee")),
            StatusName = fields?.ObjectChild("status")?.Text("name"),
            Actor = PayloadReading.PersonOf(payload.ObjectChild("user")) ?? CommentActor(kind, comment),
            Timestamp = PayloadReading.TimestampOf(payload),
            Labels = fields is { } some ? [.. some.Items("labels").Select(label => label.Text()).OfType<string>()] : [],
            LabelsAdded = added,
            LabelsRemoved = removed,
            Changes = ChangelogReading.ChangesOf(payload),
            Comment = CommentOf(comment),
        };
    }

    private static Person? CommentActor(TicketEventKind kind, JsonElement? comment)
    {
        var author = PayloadReading.PersonOf(comment?.ObjectChild("author"));
        return kind switch
        {
            TicketEventKind.CommentCreated => author,
            TicketEventKind.CommentUpdated => PayloadReading.PersonOf(comment?.ObjectChild("updateAuthor")) ?? author,

            // Who deleted a comment is not who wrote it.
            _ => null,
        };
    }

    private static CommentReference? CommentOf(JsonElement? comment)
    {
        if (comment is not { } present || PayloadReading.IdOf(comment) is not { } id) return null;
        return new CommentReference(id, PayloadReading.PersonOf(present.ObjectChild("author")), PayloadReading.TextOf(present.Child("body")));
    }
}
