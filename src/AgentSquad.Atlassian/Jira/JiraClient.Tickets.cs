using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentSquad.Atlassian.Jira.Dialects;
using AgentSquad.Atlassian.Jira.Http;
using AgentSquad.Atlassian.Jira.Text;
using AgentSquad.Atlassian.Json;
using AgentSquad.Atlassian.Webhooks;
using AgentSquad.Core.Tickets;

namespace AgentSquad.Atlassian.Jira;

internal sealed partial class JiraClient
{
    private const int SearchPage = 100;

    public async Task<TicketReference> CreateTicketAsync(TicketDraft draft, CancellationToken cancellationToken)
    {
        var (summary, whole) = FitSummary(draft.Summary, draft.Description);
        var description = Fit(whole, "description");
        var fields = new JsonObject
        {
            ["project"] = new JsonObject { ["key"] = draft.ProjectKey },
            ["issuetype"] = await IssueTypeAsync(draft, cancellationToken),
            ["summary"] = summary,
        };
        if (description.Shown.Length > 0) fields["description"] = dialect.ToSite(description.Shown);
        if (draft.Labels.Count > 0) fields["labels"] = Strings(draft.Labels);
        if (draft.ParentKey is { } parent) fields["parent"] = new JsonObject { ["key"] = parent };
        foreach (var (id, value) in draft.Fields) fields[id] = value?.DeepClone();
        var body = new JsonObject { ["fields"] = fields };
        if (draft.Properties.Count > 0)
        {
            body["properties"] = new JsonArray([.. draft.Properties.Select(property => Property(property.Key, property.Value.DeepClone()))]);
        }

        using var answer = await http.WriteAsync(
            HttpMethod.Post, $"{_api}/issue", body, $"Creating a ticket in {draft.ProjectKey}", cancellationToken);
        var created = new TicketReference(answer.RootElement.Text("id") ?? "", answer.RootElement.Text("key") ?? "", summary);
        await AttachAsync(created.Id, description, cancellationToken);
        return created;
    }

    public async Task UpdateTicketAsync(string issueIdOrKey, TicketEdit edit, CancellationToken cancellationToken)
    {
        var fields = new JsonObject();
        var (summary, line) = edit.Summary is { } given ? FitSummary(given, "") : (null, "");
        if (summary is not null) fields["summary"] = summary;
        if (edit.Description is not null || line.Length > 0)
        {
            using var current = await ReadIssueAsync(issueIdOrKey, "description", cancellationToken);
            var before = current.RootElement.ObjectChild("fields")?.Child("description");
            var description = LongText.Fit(
                line + (edit.Description ?? dialect.FromSite(before)), "description", text => dialect.LengthOf(dialect.Rewrite(before, text)));

            // The file first: the text that names it must not be there without it.
            await AttachAsync(issueIdOrKey, description, cancellationToken);
            fields["description"] = dialect.Rewrite(before, description.Shown);
        }

        foreach (var (id, value) in edit.Fields) fields[id] = value?.DeepClone();
        var labels = new JsonArray();
        foreach (var label in edit.AddLabels) labels.Add(new JsonObject { ["add"] = label });
        foreach (var label in edit.RemoveLabels) labels.Add(new JsonObject { ["remove"] = label });
        var body = new JsonObject();
        if (fields.Count > 0) body["fields"] = fields;
        if (labels.Count > 0) body["update"] = new JsonObject { ["labels"] = labels };
        if (body.Count == 0) return;
        await http.SendAsync(
            HttpMethod.Put,
            $"{_api}/issue/{issueIdOrKey}{RoutePath.Query(("notifyUsers", edit.NotifyUsers))}",
            body,
            $"Changing ticket {issueIdOrKey}",
            cancellationToken);
    }

    public Task DeleteTicketAsync(string issueIdOrKey, CancellationToken cancellationToken) =>
        DeleteAsync($"{_api}/issue/{issueIdOrKey}?deleteSubtasks=true", $"Deleting ticket {issueIdOrKey}", cancellationToken);

    public Task AssignAsync(string issueIdOrKey, string? accountId, CancellationToken cancellationToken) => http.SendAsync(
        HttpMethod.Put,
        $"{_api}/issue/{issueIdOrKey}/assignee",
        new JsonObject { [dialect.PersonField] = accountId },
        $"Assigning ticket {issueIdOrKey}",
        cancellationToken);

    public async IAsyncEnumerable<Ticket> SearchAsync(string jql, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? token = null;
        var further = await FurtherFieldsAsync([], cancellationToken);
        for (var startAt = 0; ;)
        {
            var body = new JsonObject
            {
                ["jql"] = jql, ["maxResults"] = SearchPage, ["fields"] = Strings([.. JiraReading.TicketFields.Split(','), .. further.Values.Distinct()]),
            };
            if (!dialect.SearchesByToken) body["startAt"] = startAt;
            else if (token is not null) body["nextPageToken"] = token;
            using var page = dialect.SearchesByToken
                ? await http.QueryAsync($"{_api}/search/jql", body, "Searching", cancellationToken)
                : await http.QueryAsync($"{_api}/search", body, "Searching", cancellationToken);
            var count = 0;
            foreach (var issue in page.RootElement.Items("issues"))
            {
                count++;
                yield return JiraReading.TicketOf(issue, http.Access.Site, dialect, further);
            }

            startAt += count;
            var next = page.RootElement.Text("nextPageToken");

            // A token that comes back unchanged would turn the search into a circle.
            var isLast = dialect.SearchesByToken ? next is null || next == token : startAt >= (page.RootElement.Whole("total") ?? 0);
            if (count == 0 || isLast) yield break;
            token = next;
        }
    }

    public async Task<IReadOnlyList<TicketReference>> GetSubtasksAsync(string issueIdOrKey, CancellationToken cancellationToken)
    {
        using var answer = await ReadIssueAsync(issueIdOrKey, "subtasks", cancellationToken);
        return [.. answer.RootElement.ObjectChild("fields")?.Items("subtasks").Select(ReferenceOf) ?? []];
    }

    public async Task<Person?> GetCreatorAsync(string issueIdOrKey, CancellationToken cancellationToken)
    {
        using var answer = await ReadIssueAsync(issueIdOrKey, "creator", cancellationToken);
        return PayloadReading.PersonOf(answer.RootElement.ObjectChild("fields")?.ObjectChild("creator"));
    }

    private static TicketReference ReferenceOf(JsonElement issue)
    {
        var fields = issue.ObjectChild("fields");
        return new TicketReference(
            issue.Text("id") ?? "",
            issue.Text("key") ?? "",
            fields?.Text("summary") ?? "",
            fields?.ObjectChild("status") is { } status ? JiraReading.StatusOf(status) : null);
    }

    // Jira refuses a longer summary; nothing of it is lost.
    private static (string Summary, string Description) FitSummary(string summary, string description)
    {
        var line = string.Join(' ', summary.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        if (line.Length <= JiraLimits.SummaryLength) return (line, description);
        var cut = JiraLimits.SummaryLength - 1;
        if (char.IsLowSurrogate(line[cut])) cut--;
        return (line[..cut] + "…", $"{Core.Voice.MarkdownText.Inline(line, int.MaxValue)}\n\n{description}");
    }

    private LongText Fit(string markdown, string name) => LongText.Fit(markdown, name, text => dialect.LengthOf(dialect.ToSite(text)));

    // The name carries a hash of the content, so a file of that name is that file, unless somebody else gave theirs the name.
    private async Task AttachAsync(string issueIdOrKey, LongText text, CancellationToken cancellationToken)
    {
        if (text is not { FileName: { } name, Content: { } content }) return;
        foreach (var file in await GetAttachmentsAsync(issueIdOrKey, cancellationToken))
        {
            if (file.FileName == name && await IsOwnAsync(file.Author, cancellationToken)) return;
        }

        await AddAttachmentAsync(issueIdOrKey, name, content, cancellationToken);
    }

    private static JsonArray Strings(IEnumerable<string> values) => new([.. values.Select(value => JsonValue.Create(value))]);

    private async Task DeleteAsync(FormattableString path, string what, CancellationToken cancellationToken)
    {
        try
        {
            await http.SendAsync(HttpMethod.Delete, path, null, what, cancellationToken);
        }
        catch (JiraException error) when (error.Failure == JiraFailure.NotFound)
        {
            // Gone already, which is what was asked for.
        }
    }
}
