using System.Text.Json.Nodes;
using AgentSquad.Atlassian.Jira;
using AgentSquad.Atlassian.Tests.Fakes;
using AgentSquad.Core.Policies;

namespace AgentSquad.Atlassian.Tests.Jira;

/// <summary>Names that configuration uses: fields, issue types, statuses.</summary>
public sealed class NamesTests : IAsyncDisposable
{
    private readonly FakeSite _site = new();

    private readonly Dictionary<string, JsonNode> _answers = new()
    {
        ["/field"] = JsonNode.Parse("""[{"id":"customfield_7","name":"Severity"},{"id":"customfield_8","name":"Area"},{"id":"duedate","name":"Due date"}]""")!,
        ["/issue/1"] = JsonNode.Parse("""
            {"id":"1","key":"TEST-1","fields":{"summary":"s","customfield_7":{"value":"High"},"customfield_8":{"value":"Web","child":{"value":"Login"}},"duedate":null}}
            """)!,
        ["/issue/createmeta/TEST/issuetypes"] = JsonNode.Parse("""{"issueTypes":[{"id":"5","name":"Aufgabe"},{"id":"6","name":"Unteraufgabe","subtask":true}]}""")!,
        ["/project/TEST/statuses"] = JsonNode.Parse("""[{"id":"5","statuses":[{"id":"31","name":"In Review"},{"id":"41","name":"Done"}]}]""")!,
        ["/issue"] = JsonNode.Parse("""{"id":"9","key":"TEST-9"}""")!,
    };

    public NamesTests() => _site.Intercept = async (context, request) =>
    {
        if (!_answers.TryGetValue(request.Path["/rest/api/3".Length..], out var answer)) return false;
        await FakeSite.WriteAsync(context, 200, answer);
        return true;
    };

    public async ValueTask DisposeAsync() => await _site.DisposeAsync();

    [Fact]
    public async Task GetTicket_FieldsOfThePolicy_AreReadByNameOrIdAndJudged()
    {
        await using var jira = new JiraUnderTest(
            _site.Address, ("Jira:TicketFields:0", "severity"), ("Jira:TicketFields:1", "customfield_8"), ("Jira:TicketFields:2", "Nowhere"));

        var ticket = await jira.Client.GetTicketAsync("1", default);
        await jira.Get<IJiraSite>().GetTicketAsync("1", ["Due date"], default);

        Assert.Equal(
            ["customfield_8: Web, Login", "severity: High"],
            ticket.Fields.OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => $"{field.Key}: {string.Join(", ", field.Value)}"));
        Assert.Null(new TicketFilter { FieldValues = Values("Severity", "high") }.Refuse(ticket));
        Assert.NotNull(new TicketFilter { FieldValues = Values("Severity", "low") }.Refuse(ticket));
        Assert.Contains(jira.Log, line => line.Contains("has no field Nowhere", StringComparison.Ordinal));
        Assert.Single(_site.Requests, request => request.Path == "/rest/api/3/field");
        Assert.EndsWith("updated%2Ccustomfield_7%2Ccustomfield_8%2Cduedate", _site.Requests.Last().Query, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Aufgabe", null, "5")]
    [InlineData("Unteraufgabe", "TEST-1", "6")]
    [InlineData("Sub-task", "TEST-1", "6")]
    public async Task CreateTicket_TypeByName_IsSentByIdAndTheListReadOnce(string type, string? parent, string expected)
    {
        await using var jira = new JiraUnderTest(_site.Address);

        for (var i = 0; i < 2; i++) await jira.Get<IJiraSite>().CreateTicketAsync(new TicketDraft("TEST", type, "s") { ParentKey = parent }, default);

        Assert.Equal(expected, JsonNode.Parse(_site.Requests.Last().Body)!["fields"]!["issuetype"]!["id"]!.GetValue<string>());
        Assert.Single(_site.Requests, request => request.Path.EndsWith("/issuetypes", StringComparison.Ordinal));
    }

    [Fact]
    public async Task CreateTicket_TypesMayNotBeRead_SendsTheName()
    {
        _answers.Remove("/issue/createmeta/TEST/issuetypes");
        await using var jira = new JiraUnderTest(_site.Address);

        await jira.Get<IJiraSite>().CreateTicketAsync(new TicketDraft("TEST", "Bug", "s"), default);

        Assert.Equal("Bug", JsonNode.Parse(_site.Requests.Last().Body)!["fields"]!["issuetype"]!["name"]!.GetValue<string>());
    }

    [Fact]
    public async Task FindStatus_ByNameOrId_ReadsTheListOnceUntilANameIsMissingForAMinute()
    {
        var time = new SteppedTime();
        await using var jira = new JiraUnderTest(_site.Address, time);
        var site = jira.Get<IJiraSite>();
        Assert.Equal("31", await site.FindStatusAsync("TEST", "in review", default));
        Assert.Equal("41", await site.FindStatusAsync("TEST", "41", default));
        Assert.Null(await site.FindStatusAsync("TEST", "Blocked", default));
        Assert.Single(_site.Requests);

        _answers["/project/TEST/statuses"] = JsonNode.Parse("""[{"statuses":[{"id":"51","name":"Blocked"}]}]""")!;
        time.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal("51", await site.FindStatusAsync("TEST", "Blocked", default));
        Assert.Equal(2, _site.Requests.Count);
    }

    private static Dictionary<string, IReadOnlyList<string>> Values(string field, string value) => new() { [field] = [value] };
}
