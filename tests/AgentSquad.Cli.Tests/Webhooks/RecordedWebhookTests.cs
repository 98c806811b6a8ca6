using System.Text.Json.Nodes;
using AgentSquad.Cli.Webhooks;

namespace AgentSquad.Cli.Tests.Webhooks;

public sealed class RecordedWebhookTests : IDisposable
{
    private const string Event =
        """
        {"timestamp":1,"webhookEvent":"jira:issue_updated","user":{"self":"https://acme.example/rest/api/2/user?accountId=1"},
         "issue":{"id":"10","self":"https://acme.example/rest/api/2/issue/10","key":"AB-1",
         "fields":{"summary":"see https://acme.example/x","icons":["https://acme.example/i.png"],"other":"https://acme.example.org/"}},
         "changelog":{"items":[{"field":"Übersicht","toString":"<é>"}]}}
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("squad-webhook-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Body_NothingRewritten_IsTheFileByteForByte()
    {
        var webhook = Read(Event);

        Assert.Equal(File.ReadAllBytes(Path.Combine(_folder.FullName, "event.json")), webhook.Body.ToArray());
    }

    [Fact]
    public void SetTimestamp_Event_HasTheNewTimeAndTheSameText()
    {
        var webhook = Read(Event);

        Assert.True(webhook.SetTimestamp(DateTimeOffset.FromUnixTimeMilliseconds(1234567890123)));

        var payload = JsonNode.Parse(webhook.Body.Span)!;
        Assert.Equal(1234567890123, (long)payload["timestamp"]!);
        Assert.Equal("<é>", (string?)payload["changelog"]!["items"]![0]!["toString"]);
    }

    [Fact]
    public void MoveTo_AnotherSite_MovesItsAddressesOnly()
    {
        var webhook = Read(Event);

        Assert.True(webhook.MoveTo("http://127.0.0.1:7072"));

        var issue = JsonNode.Parse(webhook.Body.Span)!["issue"]!;
        Assert.Equal("http://127.0.0.1:7072/rest/api/2/issue/10", (string?)issue["self"]);
        Assert.Equal("http://127.0.0.1:7072/i.png", (string?)issue["fields"]!["icons"]![0]);
        Assert.Equal("https://acme.example.org/", (string?)issue["fields"]!["other"]);
        Assert.Equal("see https://acme.example/x", (string?)issue["fields"]!["summary"]);
    }

    [Fact]
    public void TicketToSeed_Event_IsIdKeyAndFields()
    {
        var ticket = Read(Event).TicketToSeed();

        Assert.Equal(["id", "key", "fields"], ticket.Select(p => p.Key));
        Assert.Equal("AB-1", (string?)ticket["key"]);
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("""{"webhookEvent":"comment_created","comment":{"id":"1"}}""")]
    public void TicketToSeed_NoTicket_Throws(string content) => Assert.Throws<CliException>(() => Read(content).TicketToSeed());

    [Fact]
    public void SetTimestamp_NoJiraEvent_LeavesTheBodyAlone()
    {
        var webhook = Read("no json");

        Assert.False(webhook.SetTimestamp(DateTimeOffset.UnixEpoch));
        Assert.False(webhook.MoveTo("http://127.0.0.1:1"));
        Assert.Equal("no json"u8.ToArray(), webhook.Body.ToArray());
    }

    private RecordedWebhook Read(string content)
    {
        var file = Path.Combine(_folder.FullName, "event.json");
        File.WriteAllText(file, content);
        return RecordedWebhook.Read(file);
    }
}
