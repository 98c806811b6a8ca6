using System.Text;
using AgentSquad.Atlassian.Webhooks;
using AgentSquad.Core.Tickets;

namespace AgentSquad.Atlassian.Tests.Webhooks;

public sealed class FieldReadingTests
{
    [Fact]
    public void Parse_FieldsForFilters_AreReadAsPeopleSeeThem()
    {
        var ticketEvent = Parse(
            """
            {"status":{"name":"To Do"},"assignee":{"accountId":"bot","displayName":"AgentSquad"},"components":[{"name":"API"},{"id":"1"}],
             "customfield_1":{"value":"blue"},"customfield_2":[{"value":"a"},{"name":"b"},"c",["d"]],"customfield_3":12,"customfield_4":null,"other":"x"}
            """);
        Assert.Equal("To Do", ticketEvent.StatusName);
        Assert.Equal("bot", ticketEvent.Assignee?.AccountId);
        Assert.Equal(["API"], ticketEvent.Components);
        Assert.Equal(
            ["customfield_1=blue", "customfield_2=a,b,c", "customfield_3=12", "customfield_4="],
            ticketEvent.Fields!.Select(field => $"{field.Key}={string.Join(',', field.Value)}"));
    }

    [Fact]
    public void Parse_FieldsThatAreMissing_AreUnknownAndNotEmpty()
    {
        var ticketEvent = Parse("""{"summary":"x"}""");
        Assert.Null(ticketEvent.Components);
        Assert.Null(ticketEvent.Fields);
        Assert.Null(ticketEvent.StatusName);
    }

    private static TicketEvent Parse(string fields) => WebhookParser.Parse(Encoding.UTF8.GetBytes(
        $$$"""{"timestamp":1,"webhookEvent":"jira:issue_created","issue":{"id":"1","key":"T-1","fields":{{{fields}}}}}"""));
}
