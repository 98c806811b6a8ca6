using System.Text.Json;
using System.Text.RegularExpressions;
using AgentSquad.Atlassian.Adf;
using AgentSquad.Atlassian.Json;
using AgentSquad.Core.Tickets;

namespace AgentSquad.Atlassian.Webhooks;

/// <summary>Parts of a webhook payload in the domain's words.</summary>
internal static partial class PayloadReading
{
    /// <summary>Cloud accounts have an <c>accountId</c>; Server's have a <c>name</c>, which is also what its changelogs hold.</summary>
    public static Person? PersonOf(JsonElement? user)
    {
        if (user is not { ValueKind: JsonValueKind.Object } account) return null;
        var id = account.Text("accountId") ?? account.Text("name") ?? account.Text("key");
        return id is null ? null : new Person(id, account.Text("displayName") ?? id, account.Text("accountType") == "app");
    }

    /// <summary>Ids are numbers as text; anything else would not fit an instance id.</summary>
    public static string? IdOf(JsonElement? owner) => owner?.Text("id") is { } id && Id().IsMatch(id) ? id : null;

    /// <summary>A key as Jira makes them; anything else is taken for absent.</summary>
    public static string? KeyOf(JsonElement? issue) => issue?.Text("key") is { } key && Key().IsMatch(key) ? key : null;

    /// <summary>The id in a comment's own address, for comment events that carry no ticket. The address is read, never fetched.</summary>
    public static string? TicketIdInCommentAddress(JsonElement? comment) =>
        comment?.Text("self") is { } address && CommentAddress().Match(address) is { Success: true } match ? match.Groups["id"].Value : null;

    /// <summary>Scheme, host, port and context path of the first address that names a REST resource.</summary>
    public static string? SiteOf(params ReadOnlySpan<JsonElement?> resources)
    {
        foreach (var resource in resources)
        {
            if (resource?.Text("self") is not { } address || !Uri.TryCreate(address, UriKind.Absolute, out var uri)) continue;
            if (uri.Scheme is not ("http" or "https") || uri.UserInfo.Length > 0) continue;
            var rest = uri.AbsolutePath.IndexOf("/rest/", StringComparison.Ordinal);
            if (rest >= 0) return uri.GetLeftPart(UriPartial.Authority) + uri.AbsolutePath[..rest];
        }

        return null;
    }

    /// <summary>
    /// A body as the event carries it: wiki markup stays as it is, a document becomes Markdown, with mentions in the form that wiki markup has
    /// too, so that whoever looks for one need not know the dialect.
    /// </summary>
    public static string TextOf(JsonElement? body) => body switch
    {
        { ValueKind: JsonValueKind.Object } document => MentionLink().Replace(
            AdfMarkdown.ToMarkdown(document), match => $"[~accountid:{Uri.UnescapeDataString(match.Groups["id"].Value)}]"),
        { } other => other.Text() ?? "",
        null => "",
    };

    /// <summary>Milliseconds since 1970; nonsense is null.</summary>
    public static DateTimeOffset? TimestampOf(JsonElement payload)
    {
        var milliseconds = payload.Whole("timestamp");
        return milliseconds is > 0 and < 253_402_300_800_000 ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds.Value) : null;
    }

    [GeneratedRegex(@"(?<!\\)\[(?:[^\]\\]|\\.)*\]\(accountid:(?<id>[^)\s]+)\)")]
    private static partial Regex MentionLink();

    [GeneratedRegex(@"^[0-9]{1,19}$")]
    private static partial Regex Id();

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9_]{0,254}-[0-9]{1,19}$")]
    private static partial Regex Key();

    [GeneratedRegex(@"/rest/api/[0-9a-z]+/issue/(?<id>[0-9]{1,19})/comment/")]
    private static partial Regex CommentAddress();
}
