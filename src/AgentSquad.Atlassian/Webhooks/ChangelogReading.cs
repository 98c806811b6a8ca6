using System.Text.Json;
using AgentSquad.Atlassian.Json;
using AgentSquad.Core.Tickets;

namespace AgentSquad.Atlassian.Webhooks;

/// <summary>Reads the changelog of an issue event.</summary>
internal static class ChangelogReading
{
    /// <summary>Every changed field, in order.</summary>
    public static List<FieldChange> ChangesOf(JsonElement payload)
    {
        var assignee = payload.ObjectChild("issue")?.ObjectChild("fields")?.ObjectChild("assignee");
        var changes = new List<FieldChange>();
        foreach (var item in ItemsOf(payload))
        {
            if (item.Text("field") is not { } field) continue;
            var from = item.Text("tmpFromAccountId") ?? item.Text("from");
            var to = item.Text("tmpToAccountId") ?? item.Text("to");

            // Cloud sites from before account ids put the user name here; the ticket beside it has both.
            if (field == "assignee" && to is not null && assignee is { } person && (person.Text("name") == to || person.Text("key") == to))
            {
                to = PayloadReading.PersonOf(assignee)?.AccountId ?? to;
            }

            changes.Add(new FieldChange(field, from, item.Text("fromString"), to, item.Text("toString")));
        }

        return changes;
    }

    /// <summary>
    /// Which labels came and went. Each item holds the WHOLE list before and after, joined by spaces, so the event's own doing is the
    /// difference of the two sets.
    /// </summary>
    public static (IReadOnlyList<string> Added, IReadOnlyList<string> Removed) LabelsOf(JsonElement payload)
    {
        var items = ItemsOf(payload)
            .Where(item => item.Text("field") == "labels" && item.Text("fieldtype") is null or "jira")
            .ToList();
        if (items.Count == 0) return ([], []);
        var before = Split(items[0].Text("fromString"));
        var after = Split(items[^1].Text("toString"));
        return ([.. after.Except(before, StringComparer.Ordinal)], [.. before.Except(after, StringComparer.Ordinal)]);
    }

    private static IEnumerable<JsonElement> ItemsOf(JsonElement payload) =>
        payload.ObjectChild("changelog") is { } changelog ? changelog.Items("items") : [];

    private static string[] Split(string? labels) =>
        labels?.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
}
