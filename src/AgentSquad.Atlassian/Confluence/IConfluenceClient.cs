namespace AgentSquad.Atlassian.Confluence;

/// <summary>One Confluence site, Cloud or Data Center. Text is Markdown on this side.</summary>
/// <remarks>Every method throws <see cref="Jira.JiraException"/> when the site refuses or stays unreachable. Reads are repeated, writes are sent once.</remarks>
public interface IConfluenceClient
{
    /// <summary>A space by its key; null when there is none that the account may see.</summary>
    Task<ConfluenceSpace?> GetSpaceAsync(string key, CancellationToken cancellationToken);

    /// <summary>Whether the account may add pages to a space; null where the site does not tell (Data Center).</summary>
    Task<bool?> MayCreatePagesAsync(ConfluenceSpace space, CancellationToken cancellationToken);

    /// <summary>A page with its text; null when there is none.</summary>
    Task<ConfluencePage?> GetPageAsync(string id, CancellationToken cancellationToken);

    /// <summary>The page of a space with exactly this title; null when there is none. Titles are unique within a space.</summary>
    Task<ConfluencePage?> FindPageAsync(ConfluenceSpace space, string title, CancellationToken cancellationToken);

    /// <summary>Creates a page. A second one of the same title is refused by the site.</summary>
    Task<ConfluencePage> CreatePageAsync(ConfluenceSpace space, string title, string markdown, string? parentId, CancellationToken cancellationToken);

    /// <summary>Replaces a page's title and text. When somebody else saves at the same time, it reads the new version and tries again.</summary>
    Task<ConfluencePage> UpdatePageAsync(string id, string title, string markdown, CancellationToken cancellationToken);

    /// <summary>
    /// Makes sure that a space has one page of this title, with this text, however often it is asked for: what was written without an answer
    /// is waited out and looked for, and a page that appears in between is taken over.
    /// </summary>
    Task<ConfluencePage> EnsurePageAsync(ConfluenceSpace space, string title, string markdown, string? parentId, CancellationToken cancellationToken);

    /// <summary>Searches with CQL; the index behind it lags.</summary>
    Task<IReadOnlyList<ConfluenceHit>> SearchAsync(string cql, int limit, CancellationToken cancellationToken);
}

/// <summary>A space.</summary>
/// <param name="Id">Id.</param>
/// <param name="Key">Key.</param>
/// <param name="Name">Name.</param>
public sealed record ConfluenceSpace(string Id, string Key, string Name);

/// <summary>A page.</summary>
/// <param name="Id">Id.</param>
/// <param name="Title">Title.</param>
/// <param name="Version">Number of its version.</param>
/// <param name="Markdown">Its text.</param>
/// <param name="Url">Where people read it.</param>
public sealed record ConfluencePage(string Id, string Title, int Version, string Markdown, string Url);

/// <summary>What a search found.</summary>
/// <param name="Id">Id of the page.</param>
/// <param name="Title">Title.</param>
/// <param name="Type">Such as <c>page</c>.</param>
public sealed record ConfluenceHit(string Id, string Title, string Type);
