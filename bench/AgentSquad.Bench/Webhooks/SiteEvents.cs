using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AgentSquad.Bench.Webhooks;

/// <summary>
/// Webhooks as a busy Cloud site sends them, in kind and size: mostly changes and comments of tickets that the squad has nothing to do with,
/// each of a ticket of its own; one in fifty is a comment on a ticket with an open run. None starts a run.
/// </summary>
/// <param name="site">The site that they are of.</param>
/// <param name="open">Ids of tickets with an open run; may be empty.</param>
internal sealed class SiteEvents(string site, IReadOnlyList<string> open)
{
    private const int OpenOneIn = 50;

    private readonly string _person = Person(site);
    private readonly string _fields = Fields(site);

    /// <summary>The event with a number; the same number gives the same kind and ticket.</summary>
    public byte[] Of(int number)
    {
        var kind = number % 100;
        var ticket = number.ToString(CultureInfo.InvariantCulture);
        if (open.Count > 0 && number % OpenOneIn == 0) return Comment(number, open[number / OpenOneIn % open.Count]);
        return kind switch
        {
            < 20 => Updated(number, ticket, "status", "10000", "To Do", "10001", "In Progress"),
            < 30 => Updated(number, ticket, "priority", "3", "Medium", "2", "High"),
            < 40 => Updated(number, ticket, "assignee", null, null, "5c5f880629be9642ba529340", "Rita Reporter"),
            < 50 => Updated(number, ticket, "Sprint", "", "", "12", "Sprint 12"),
            < 55 => Updated(number, ticket, "Rank", "", "", "", "Ranked higher"),
            < 80 => Comment(number, ticket),
            < 90 => Created(number, ticket),
            _ => Text($$$$"""{"timestamp":{{{{Now}}}},"webhookEvent":"worklog_updated","worklog":{"id":"{{{{number}}}}","issueId":"{{{{ticket}}}}","timeSpentSeconds":3600,"author":{{{{_person}}}},"updateAuthor":{{{{_person}}}}}}"""),
        };
    }

    private static long Now => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    private byte[] Updated(int number, string ticket, string field, string? from, string? fromText, string? to, string? toText) => Text(
        $$$$"""
        {"timestamp":{{{{Now}}}},"webhookEvent":"jira:issue_updated","issue_event_type_name":"issue_generic","user":{{{{_person}}}},"issue":{{{{Issue(ticket)}}}},
        "changelog":{"id":"{{{{number}}}}","items":[{"field":"{{{{field}}}}","fieldtype":"jira","fieldId":"{{{{field}}}}","from":{{{{Quote(from)}}}},"fromString":{{{{Quote(fromText)}}}},"to":{{{{Quote(to)}}}},"toString":{{{{Quote(toText)}}}}}]}}
        """);

    private byte[] Created(int number, string ticket) => Text(
        $$$$"""{"timestamp":{{{{Now}}}},"webhookEvent":"jira:issue_created","issue_event_type_name":"issue_created","user":{{{{_person}}}},"issue":{{{{Issue(ticket)}}}},"changelog":{"id":"{{{{number}}}}","items":[]}}""");

    private byte[] Comment(int number, string ticket) => Text(
        $$$$"""
        {"timestamp":{{{{Now}}}},"webhookEvent":"comment_created","comment":{"self":"{{{{site}}}}/rest/api/2/issue/{{{{ticket}}}}/comment/{{{{number}}}}","id":"{{{{number}}}}",
        "author":{{{{_person}}}},"body":"{{{{new string('x', 100 + (number % 2000))}}}}","updateAuthor":{{{{_person}}}},"created":"2026-01-01T00:00:00.000+0000","updated":"2026-01-01T00:00:00.000+0000","jsdPublic":true},
        "issue":{"id":"{{{{ticket}}}}","self":"{{{{site}}}}/rest/api/2/issue/{{{{ticket}}}}","key":"TEST-{{{{ticket}}}}","fields":{"summary":"A ticket of the benchmark",
        "issuetype":{"id":"10001","name":"Story","subtask":false},"project":{"id":"10000","key":"TEST","name":"Test"},"status":{"id":"10000","name":"To Do"}} }}
        """);

    private string Issue(string ticket) =>
        $$$$"""{"id":"{{{{ticket}}}}","self":"{{{{site}}}}/rest/api/2/issue/{{{{ticket}}}}","key":"TEST-{{{{ticket}}}}","fields":{{{{_fields}}}}}""";

    private static byte[] Text(string json) => Encoding.UTF8.GetBytes(json);

    private static string Quote(string? text) => JsonSerializer.Serialize(text);

    private static string Person(string site)
    {
        var avatars = string.Join(',', ((int[])[48, 32, 24, 16]).Select(size =>
            $"\"{size}x{size}\":\"https://avatar-management--avatars.example.invalid/5c5f880629be9642ba529340/0d974d79-626d-481b-bd5e-5631399158a7/128?size={size}&s={size}\""));
        return $$$$"""{"self":"{{{{site}}}}/rest/api/2/user?accountId=5c5f880629be9642ba529340","accountId":"5c5f880629be9642ba529340","emailAddress":"rita@example.invalid","avatarUrls":{{{{{avatars}}}}},"displayName":"Rita Reporter","active":true,"timeZone":"Europe/Berlin","accountType":"atlassian"}""";
    }

    // As long as those of a project with some eighty custom fields.
    private static string Fields(string site)
    {
        var person = Person(site);
        var custom = string.Join(',', Enumerable.Range(10_000, 80).Select(id => $"\"customfield_{id}\":null"));
        return
            $$$$"""
            {"summary":"A ticket of the benchmark","labels":["Pickles"],"issuetype":{"self":"{{{{site}}}}/rest/api/2/issuetype/10001","id":"10001","name":"Story","subtask":false},
            "project":{"self":"{{{{site}}}}/rest/api/2/project/10000","id":"10000","key":"TEST","name":"Test","projectTypeKey":"software"},
            "status":{"self":"{{{{site}}}}/rest/api/2/status/10000","name":"To Do","id":"10000","statusCategory":{"id":2,"key":"new","name":"To Do"}},
            "priority":{"self":"{{{{site}}}}/rest/api/2/priority/3","name":"Medium","id":"3"},"assignee":{{{{person}}}},"creator":{{{{person}}}},"reporter":{{{{person}}}},
            "components":[],"versions":[],"fixVersions":[],"issuelinks":[],"subtasks":[],"attachment":[],"resolution":null,"duedate":null,"environment":null,
            "created":"2026-01-01T00:00:00.000+0000","updated":"2026-01-01T00:00:00.000+0000","description":"{{{{new string('d', 1500)}}}}",
            "progress":{"progress":0,"total":0},"votes":{"votes":0,"hasVoted":false},"watches":{"watchCount":1,"isWatching":false},"timetracking":{},{{{{custom}}}}}
            """;
    }
}
