using System.Globalization;
using System.Text.Json;
using AgentSquad.Atlassian.Jira;
using AgentSquad.Atlassian.Jira.Http;
using AgentSquad.Atlassian.Json;

namespace AgentSquad.Atlassian.Confluence;

/// <summary>A Confluence site over its REST API.</summary>
internal sealed class ConfluenceClient(JiraHttp http, IConfluenceDialect dialect, TimeSpan lateWriteWait, TimeProvider time) : IConfluenceClient
{
    // More people than that saving the same page at the same moment is no accident.
    private const int SaveAttempts = 4;
    private const int EnsureAttempts = 3;

    public async Task<ConfluenceSpace?> GetSpaceAsync(string key, CancellationToken cancellationToken)
    {
        // A list that is not there means a wrong address, and no missing space.
        using var answer = dialect.ListsSpaces
            ? await http.GetAsync(dialect.SpaceRequest(key), $"Reading space {key}", cancellationToken)
            : await OrNullAsync(dialect.SpaceRequest(key), $"Reading space {key}", cancellationToken);
        var space = answer?.RootElement;
        if (space?.Child("results") is not null) space = space.Value.Items("results").Cast<JsonElement?>().FirstOrDefault();
        return space?.Text("id") is { } id ? new ConfluenceSpace(id, space.Value.Text("key") ?? key, space.Value.Text("name") ?? key) : null;
    }

    public async Task<bool?> MayCreatePagesAsync(ConfluenceSpace space, CancellationToken cancellationToken)
    {
        if (dialect.OperationsRequest(space) is not { } path) return null;
        using var answer = await http.GetAsync(path, $"Reading what may be done in space {space.Key}", cancellationToken);
        return answer.RootElement.Items("operations").Any(one => one.Text("operation") == "create" && one.Text("targetType") == "page");
    }

    public async Task<ConfluencePage?> GetPageAsync(string id, CancellationToken cancellationToken)
    {
        using var answer = await OrNullAsync(dialect.PageRequest(id), $"Reading page {id}", cancellationToken);
        return answer is null ? null : PageOf(answer.RootElement);
    }

    public async Task<ConfluencePage?> FindPageAsync(ConfluenceSpace space, string title, CancellationToken cancellationToken)
    {
        using var answer = await http.GetAsync(dialect.FindRequest(space, title), $"Looking for page {title}", cancellationToken);
        return answer.RootElement.Items("results").Select(PageOf).FirstOrDefault();
    }

    public async Task<ConfluencePage> CreatePageAsync(
        ConfluenceSpace space, string title, string markdown, string? parentId, CancellationToken cancellationToken)
    {
        using var answer = await http.WriteAsync(
            HttpMethod.Post, dialect.CreatePath, dialect.NewPage(space, title, markdown, parentId), $"Creating page {title}", cancellationToken);
        return PageOf(answer.RootElement) with { Markdown = markdown };
    }

    public async Task<ConfluencePage> UpdatePageAsync(string id, string title, string markdown, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var current = await GetPageAsync(id, cancellationToken)
                ?? throw new JiraException($"Page {id} is gone, or the account may not see it.") { Failure = JiraFailure.NotFound };
            try
            {
                using var answer = await http.WriteAsync(
                    HttpMethod.Put, dialect.PagePath(id), dialect.ChangedPage(id, title, markdown, current.Version + 1), $"Saving page {title}", cancellationToken);
                return PageOf(answer.RootElement) with { Markdown = markdown };
            }
            catch (JiraException error) when (error.Failure == JiraFailure.Conflict && attempt < SaveAttempts)
            {
                // Saved by somebody else since the version was read: the next round reads it anew.
            }
        }
    }

    public async Task<ConfluencePage> EnsurePageAsync(
        ConfluenceSpace space, string title, string markdown, string? parentId, CancellationToken cancellationToken)
    {
        // Titles are unique within a space, so a page that is there twice cannot come of it.
        for (var attempt = 1; ; attempt++)
        {
            var started = time.GetTimestamp();
            try
            {
                var present = await FindPageAsync(space, title, cancellationToken);
                started = time.GetTimestamp();
                return present is null
                    ? await CreatePageAsync(space, title, markdown, parentId, cancellationToken)
                    : await UpdatePageAsync(present.Id, title, markdown, cancellationToken);
            }
            catch (JiraException error) when (error.OutcomeUnknown && attempt < EnsureAttempts)
            {
                var left = lateWriteWait - time.GetElapsedTime(started);
                if (left > TimeSpan.Zero) await Task.Delay(left, time, cancellationToken);
            }
            catch (JiraException error) when (error.Failure is JiraFailure.Refused or JiraFailure.Conflict && attempt < EnsureAttempts)
            {
                // The title is taken, though it was free a moment ago: by what was written late, or by somebody else.
                if (await FindPageAsync(space, title, cancellationToken) is null) throw;
            }
        }
    }

    public async Task<IReadOnlyList<ConfluenceHit>> SearchAsync(string cql, int limit, CancellationToken cancellationToken)
    {
        using var answer = await http.GetAsync(dialect.SearchRequest(cql, limit), "Searching Confluence", cancellationToken);
        return [.. answer.RootElement.Items("results").Select(HitOf)];
    }

    private static ConfluenceHit HitOf(JsonElement result)
    {
        var content = result.ObjectChild("content") ?? result;
        return new ConfluenceHit(content.Text("id") ?? "", content.Text("title") ?? result.Text("title") ?? "", content.Text("type") ?? "");
    }

    private ConfluencePage PageOf(JsonElement page)
    {
        var id = page.Text("id") ?? "";
        var link = page.ObjectChild("_links")?.Text("webui");
        return new ConfluencePage(
            id,
            page.Text("title") ?? "",
            (int)(page.ObjectChild("version")?.Whole("number") ?? 1),
            dialect.TextOf(page),
            link is ['/', ..] ? http.Access.Site + link : string.Create(CultureInfo.InvariantCulture, $"{http.Access.Site}/pages/viewpage.action?pageId={id}"));
    }

    private async Task<JsonDocument?> OrNullAsync(FormattableString path, string what, CancellationToken cancellationToken)
    {
        try
        {
            return await http.GetAsync(path, what, cancellationToken);
        }
        catch (JiraException error) when (error.Failure == JiraFailure.NotFound)
        {
            return null;
        }
    }
}
