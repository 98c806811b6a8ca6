using AgentSquad.Atlassian.Webhooks;
using AgentSquad.Core.Tickets;
using AgentSquad.TestSupport;

namespace AgentSquad.Atlassian.Tests.Webhooks;

public sealed class RecordedWebhookTests
{
    private const string Absent = "The recorded webhooks (../shared/atlassian/webhooks) are not on this machine.";

    public static TheoryData<string> Files => [.. RecordedWebhooks.All.Select(row => row.File)];

    [SkippableFact]
    public void Table_AgainstFolder_NamesEveryFile()
    {
        var folder = RepositoryPaths.InShared("atlassian", "webhooks");
        Skip.If(folder is null, Absent);
        var files = Directory.GetFiles(folder, "*.json").Select(Path.GetFileName).Order(StringComparer.Ordinal);
        Assert.Equal(files, RecordedWebhooks.All.Select(row => row.File).Order(StringComparer.Ordinal));
    }

    [SkippableTheory]
    [MemberData(nameof(Files))]
    public void Parse_RecordedFile_SaysWhatTheFileSays(string file)
    {
        var path = RepositoryPaths.InShared("atlassian", "webhooks", file);
        Skip.If(path is null, Absent);
        var body = File.ReadAllBytes(path);
        var expected = RecordedWebhooks.All.Single(row => row.File == file);

        var actual = WebhookParser.Parse(body);

        Assert.Equal(expected, Describe(file, actual));
        Assert.True(WebhookParser.TryParseEnvelope(body, out var envelope, out _));
        Assert.Equal((expected.Event, expected.TicketId, expected.TicketKey), (envelope.Event, envelope.TicketId, envelope.TicketKey));
        Assert.Equal(envelope.Timestamp, actual.Timestamp);
        Assert.InRange(actual.Timestamp!.Value.Year, 2019, 2020);
    }

    private static RecordedWebhook Describe(string file, TicketEvent actual) => new(
        file, actual.Name, actual.Kind, actual.Site!, actual.TicketId!, actual.TicketKey, actual.Actor?.AccountId, actual.IssueType, actual.Priority,
        string.Join(' ', actual.Labels),
        string.Join("; ", actual.Changes.Select(change =>
            $"{change.Field}: {change.From ?? "-"}/{change.FromText ?? "-"} -> {change.To ?? "-"}/{change.ToText ?? "-"}")),
        actual.Comment is { } comment ? $"{comment.Id} by {comment.Author?.AccountId}: {comment.Text}" : null);
}
