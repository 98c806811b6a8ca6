using System.Text;
using AgentSquad.Atlassian.Webhooks;
using AgentSquad.Core.Tickets;
using CsCheck;

namespace AgentSquad.Atlassian.Tests.Webhooks;

public sealed class WebhookParserTests
{
    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("hello")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"jira:issue_created\"")]
    [InlineData("{}")]
    [InlineData("{\"hello\":\"world\"}")]
    [InlineData("{\"webhookEvent\":null}")]
    [InlineData("{\"webhookEvent\":17}")]
    [InlineData("{\"webhookEvent\":\"push\",\"repository\":{\"id\":1}}")]
    [InlineData("{\"webhookEvent\":\"jira:issue_created\"}")]
    [InlineData("{\"webhookEvent\":\"jira:issue_updated\",\"issue\":{\"id\":\"../1\",\"key\":\"a b\"}}")]
    [InlineData("{\"webhookEvent\":\"comment_created\",\"issue\":{\"id\":\"1\",\"key\":\"A-1\"}}")]
    [InlineData("{\"webhookEvent\":\"jira:issue_created\",\"issue\":{\"id\":\"1\",\"key\":\"A-1\"}} trailing")]
    [InlineData("{\"action\":\"opened\",\"issue\":{\"id\":1,\"title\":\"an issue of another product\"}}")]
    public void TryParse_NoJiraEvent_SaysWhy(string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);

        Assert.False(WebhookParser.TryParse(bytes, out var parsed, out var reason));
        Assert.Null(parsed);
        Assert.False(string.IsNullOrWhiteSpace(reason));
        Assert.DoesNotContain("\n", reason, StringComparison.Ordinal);
        Assert.False(WebhookParser.TryParseEnvelope(bytes, out _, out _));
        Assert.Throws<WebhookFormatException>(() => WebhookParser.Parse(bytes));
    }

    [Fact]
    public void TryParse_NestedTooDeep_Rejects()
    {
        var deep = Encoding.UTF8.GetBytes(
            "{\"webhookEvent\":\"jira:issue_created\",\"issue\":{\"id\":\"1\",\"key\":\"A-1\"},\"x\":" + new string('[', 200_000) + new string(']', 200_000) + "}");

        Assert.False(WebhookParser.TryParseEnvelope(deep, out _, out var reason));
        Assert.Contains("deeper than 128", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_LabelsChanged_IsTheSetDifferenceOfTheWholeStrings()
    {
        var parsed = Parse("""
            {"webhookEvent":"jira:issue_updated","issue":{"id":"1","key":"A-1","fields":{"labels":["agentsquad","b","c"]}},
             "changelog":{"items":[{"field":"labels","fieldtype":"jira","from":null,"fromString":"a b","to":null,"toString":"agentsquad b c"}]}}
            """);

        Assert.Equal(["agentsquad", "c"], parsed.LabelsAdded);
        Assert.Equal(["a"], parsed.LabelsRemoved);
        Assert.Equal(["agentsquad", "b", "c"], parsed.Labels);
    }

    [Theory]
    [InlineData("other agentsquad", "agentsquad")]
    [InlineData("agentsquad", "agentsquad")]
    public void Parse_LabelThatWasThereBefore_IsNotAdded(string before, string after)
    {
        var parsed = Parse($$"""
            {"webhookEvent":"jira:issue_updated","issue":{"id":"1","key":"A-1"},
             "changelog":{"items":[{"field":"labels","fieldtype":"jira","fromString":"{{before}}","toString":"{{after}}"} ] } }
            """);

        Assert.Empty(parsed.LabelsAdded);
    }

    [Fact]
    public void Parse_CustomFieldNamedLabels_ChangesNoLabel()
    {
        var parsed = Parse("""
            {"webhookEvent":"jira:issue_updated","issue":{"id":"1","key":"A-1"},
             "changelog":{"items":[{"field":"labels","fieldtype":"custom","fieldId":"customfield_1","fromString":"","toString":"agentsquad"}]}}
            """);

        Assert.Empty(parsed.LabelsAdded);
        Assert.Single(parsed.Changes);
    }

    [Theory]
    [InlineData("https://acme.atlassian.net/rest/api/2/issue/1", "https://acme.atlassian.net")]
    [InlineData("https://ACME.atlassian.net:443/rest/api/3/issue/1", "https://acme.atlassian.net")]
    [InlineData("http://intranet:8080/jira/rest/api/2/issue/1", "http://intranet:8080/jira")]
    [InlineData("ftp://intranet/rest/api/2/issue/1", null)]
    [InlineData("https://user:word@intranet/rest/api/2/issue/1", null)]
    [InlineData("/rest/api/2/issue/1", null)]
    public void Parse_IssueAddress_GivesTheSite(string self, string? site)
    {
        var parsed = Parse($$"""{"webhookEvent":"jira:issue_created","issue":{"id":"1","key":"A-1","self":"{{self}}"} }""");

        Assert.Equal(site, parsed.Site);
    }

    [Fact]
    public void Parse_ServerUpdateWithFieldsAndComment_IsAnUpdateThatKeepsTheComment()
    {
        var parsed = Parse("""
            {"webhookEvent":"jira:issue_updated","issue_event_type_name":"issue_resolved","issue":{"id":"1","key":"A-1"},
             "comment":{"id":"7","body":"done","author":{"name":"ann"},"created":"x","updated":"x"},
             "changelog":{"items":[{"field":"status","from":"1","fromString":"Open","to":"5","toString":"Resolved"}]}}
            """);

        Assert.Equal(TicketEventKind.Updated, parsed.Kind);
        Assert.Equal("7", parsed.Comment?.Id);
        Assert.Single(parsed.Changes);
    }

    [Fact]
    public void Parse_PayloadWithoutEventName_IsToldByWhatItCarries()
    {
        var parsed = Parse("""
            {"timestamp":1400000000000,"user":{"name":"ann"},"issue":{"id":"1","key":"A-1","fields":{}},
             "changelog":{"items":[{"field":"status","from":"1","fromString":"Open","to":"5","toString":"Resolved"}]}}
            """);

        Assert.Equal(("jira:issue_updated", TicketEventKind.Updated, "ann"), (parsed.Name, parsed.Kind, parsed.Actor?.AccountId));
    }

    [Theory]
    [InlineData("sprint_started")]
    [InlineData("worklog_created")]
    [InlineData("jira:version_released")]
    [InlineData("attachment_created")]
    public void Parse_OtherJiraEvents_AreOfNoInterestButNoError(string name)
    {
        var parsed = Parse($$"""{"webhookEvent":"{{name}}","timestamp":1}""");

        Assert.Equal(TicketEventKind.Other, parsed.Kind);
        Assert.Null(parsed.TicketId);
    }

    [Fact]
    public void Parse_HalfSurrogateInText_KeepsTheRest()
    {
        var parsed = Parse("""
            {"webhookEvent":"comment_created","issue":{"id":"1","key":"A-1"},
             "comment":{"id":"7","body":"a\ud83d b \ud83d\ude00 \\ud800 c","author":{"accountId":"x","accountType":"app"}}}
            """);

        Assert.Equal("a\ufffd b \ud83d\ude00 \\ud800 c", parsed.Comment?.Text);
        Assert.True(parsed.Actor?.IsApp);
    }

    [Fact]
    public void Parse_DocumentAsBody_IsMarkdownThatNamesTheMentioned()
    {
        var parsed = Parse("""
            {"webhookEvent":"comment_created","issue":{"id":"1","key":"A-1"},"comment":{"id":"7","author":{"accountId":"x"},"body":
             {"type":"doc","version":1,"content":[{"type":"paragraph","content":[
              {"type":"mention","attrs":{"id":"557058:ab","text":"@The [Bot]"}},{"type":"text","text":" [x](accountid:2) "},{"type":"text","text":"go","marks":[{"type":"strong"}]}]}]}}}
            """);

        Assert.Equal("[~accountid:557058:ab] \\[x\\](accountid:2) **go**", parsed.Comment?.Text);
    }

    [Fact]
    public void TryParse_AnyBytes_NeverThrows() => Gen.Byte.Array[0, 400].Sample(bytes =>
    {
        _ = WebhookParser.TryParse(bytes, out _, out _);
        _ = WebhookParser.TryParseEnvelope(bytes, out _, out _);
    });

    [Fact]
    public void TryParse_AnyJsonInAnEventsPlaces_NeverThrows() =>
        Gen.Select(AnyJson, AnyJson, AnyJson, AnyJson).Sample((issue, comment, user, changelog) =>
        {
            var body = $$"""{"webhookEvent":"jira:issue_updated","timestamp":{{user}},"issue":{{issue}},"comment":{{comment}},"user":{{user}},"changelog":{{changelog}}}""";
            _ = WebhookParser.TryParse(Encoding.UTF8.GetBytes(body), out _, out _);
        });

    private static readonly Gen<string> Leaf = OneOf(
        "null", "true", "0", "-1.5e400", "99999999999999999999", "\"\"", "\"10\"", "\"A-1\"", "\"\\ud800\"", "\"http://[\"", "[]", "{}");

    private static readonly Gen<string> AnyJson = Gen.Recursive<string>((depth, nested) => depth > 4
        ? Leaf
        : Gen.OneOf(
            Leaf,
            nested.Array[0, 3].Select(items => $"[{string.Join(',', items)}]"),
            Gen.Select(OneOf("id", "key", "self", "fields", "items", "field", "labels", "author", "project", "toString"), nested)
                .Array[0, 4].Select(pairs => $"{{{string.Join(',', pairs.Select(pair => $"\"{pair.Item1}\":{pair.Item2}"))}}}")));

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static TicketEvent Parse(string body) => WebhookParser.Parse(Encoding.UTF8.GetBytes(body));
}
