using System.Text.Json.Nodes;
using AgentSquad.Atlassian.Jira.Dialects;
using AgentSquad.Atlassian.Jira.Http;
using AgentSquad.Atlassian.Jira.Text;
using AgentSquad.Atlassian.Json;

namespace AgentSquad.Atlassian.Jira;

internal sealed partial class JiraClient
{
    private const int CommentPage = 100;

    public async Task<IReadOnlyList<TicketComment>> GetCommentsAsync(string issueIdOrKey, CancellationToken cancellationToken)
    {
        var comments = new List<TicketComment>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var startAt = 0; ;)
        {
            var query = RoutePath.Query(("startAt", startAt), ("maxResults", CommentPage), ("orderBy", "created"), ("expand", "properties"));
            using var page = await http.GetAsync(
                $"{_api}/issue/{issueIdOrKey}/comment{query}", $"Reading the comments of ticket {issueIdOrKey}", cancellationToken);
            var count = 0;
            foreach (var item in page.RootElement.Items("comments"))
            {
                count++;

                // A comment deleted while the pages are read shifts the rest; one that moves to the next page must not count twice.
                var comment = JiraReading.CommentOf(item, dialect);
                if (seen.Add(comment.Id)) comments.Add(comment);
            }

            startAt += count;
            if (count == 0 || startAt >= (page.RootElement.Whole("total") ?? 0)) break;
        }

        return [.. comments.OrderBy(comment => comment.Created).ThenBy(comment => comment.Id.Length).ThenBy(comment => comment.Id, StringComparer.Ordinal)];
    }

    public async Task<TicketComment?> GetCommentAsync(string issueIdOrKey, string commentId, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await http.GetAsync(
                $"{_api}/issue/{issueIdOrKey}/comment/{commentId}?expand=properties",
                $"Reading comment {commentId} of ticket {issueIdOrKey}",
                cancellationToken);
            return JiraReading.CommentOf(answer.RootElement, dialect);
        }
        catch (JiraException error) when (error.IsMissing)
        {
            return null;
        }
    }

    public async Task<TicketComment> AddCommentAsync(string issueIdOrKey, CommentDraft draft, CancellationToken cancellationToken)
    {
        TicketComment? first = null;
        foreach (var part in await FitAsync(issueIdOrKey, draft, cancellationToken))
        {
            var written = await PostAsync(issueIdOrKey, part, cancellationToken);
            first ??= written;
        }

        return first!;
    }

    public async Task UpdateCommentAsync(string issueIdOrKey, string commentId, CommentDraft draft, CancellationToken cancellationToken)
    {
        var parts = await FitAsync(issueIdOrKey, draft, cancellationToken);
        await PutAsync(issueIdOrKey, commentId, parts[0], cancellationToken);
        if (parts.Count == 1) return;
        var present = draft.Effect is null ? [] : await GetCommentsAsync(issueIdOrKey, cancellationToken);
        foreach (var part in parts.Skip(1))
        {
            if (await FindOwnAsync(present, part.Effect, cancellationToken) is { } found) await PutAsync(issueIdOrKey, found.Id, part, cancellationToken);
            else await PostAsync(issueIdOrKey, part, cancellationToken);
        }
    }

    // Anyone can copy an effect; what another account wrote is not this one's to change.
    private async Task<TicketComment?> FindOwnAsync(IEnumerable<TicketComment> comments, CommentEffect? effect, CancellationToken cancellationToken)
    {
        foreach (var comment in comments.Where(comment => effect is not null && comment.Effect?.IsSame(effect) == true))
        {
            if (await IsOwnAsync(comment.Author, cancellationToken)) return comment;
        }

        return null;
    }

    public async Task DeleteCommentAsync(string issueIdOrKey, string commentId, CancellationToken cancellationToken)
    {
        try
        {
            await http.SendAsync(
                HttpMethod.Delete,
                $"{_api}/issue/{issueIdOrKey}/comment/{commentId}",
                null,
                $"Deleting comment {commentId} of ticket {issueIdOrKey}",
                cancellationToken);
        }
        catch (JiraException error) when (error.IsMissing)
        {
            // Gone already, which is what was asked for.
        }
    }

    private async Task<TicketComment> PostAsync(string issueIdOrKey, CommentDraft draft, CancellationToken cancellationToken)
    {
        using var answer = await http.WriteAsync(
            HttpMethod.Post, $"{_api}/issue/{issueIdOrKey}/comment?expand=properties", BodyOf(draft), $"Commenting on ticket {issueIdOrKey}", cancellationToken);
        var comment = JiraReading.CommentOf(answer.RootElement, dialect);
        return comment.Effect is null && draft.Effect is not null ? comment with { Effect = draft.Effect } : comment;
    }

    private Task PutAsync(string issueIdOrKey, string commentId, CommentDraft draft, CancellationToken cancellationToken) => http.SendAsync(
        HttpMethod.Put,
        $"{_api}/issue/{issueIdOrKey}/comment/{commentId}{QuietQuery()}",
        BodyOf(draft),
        $"Editing comment {commentId} of ticket {issueIdOrKey}",
        cancellationToken);

    // A text over the limit gets a file beside it. Everyone could open that, so a text for a few goes on in further comments for the same few.
    private async Task<IReadOnlyList<CommentDraft>> FitAsync(string issueIdOrKey, CommentDraft draft, CancellationToken cancellationToken)
    {
        if (draft.Visibility is not null || draft.IsInternal)
        {
            return [.. new CommentText(dialect).Split(draft.Text).Select((text, index) => draft with { Text = text, Effect = draft.Effect?.Part(index) })];
        }

        var whole = Fit(draft.Text, "comment");
        await AttachAsync(issueIdOrKey, whole, cancellationToken);
        return [draft with { Text = whole.Shown }];
    }

    // Data Center has no such parameter for comments.
    private RoutePath.Verbatim QuietQuery() => RoutePath.Query(("notifyUsers", http.Access.IsDataCenter ? null : (bool?)false));

    private JsonObject BodyOf(CommentDraft draft)
    {
        var body = new JsonObject { ["body"] = dialect.ToSite(draft.Text) };
        if (draft.Visibility is { } visibility)
        {
            body["visibility"] = new JsonObject { ["type"] = visibility.Type, ["value"] = visibility.Value };
        }

        var properties = new JsonArray();
        if (draft.Effect is { } effect)
        {
            properties.Add(Property(
                CommentEffect.PropertyKey, new JsonObject { ["key"] = effect.Key, ["instance"] = effect.Instance, ["kind"] = effect.Kind }));
        }

        if (draft.IsInternal) properties.Add(Property(JiraReading.InternalProperty, new JsonObject { ["internal"] = true }));
        if (properties.Count > 0) body["properties"] = properties;
        return body;
    }

    private static JsonObject Property(string key, JsonNode value) => new() { ["key"] = key, ["value"] = value };
}
