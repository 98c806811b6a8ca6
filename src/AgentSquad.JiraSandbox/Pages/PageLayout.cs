using AgentSquad.JiraSandbox.Site;

namespace AgentSquad.JiraSandbox.Pages;

/// <summary>The frame of every page, and the parts that several pages use.</summary>
internal static class PageLayout
{
    /// <summary>A whole page.</summary>
    /// <param name="title">Title of the window.</param>
    /// <param name="trail">What stands beside the site's name.</param>
    /// <param name="main">The page's own part.</param>
    public static Html Page(string title, Html trail, Html main) => Html.Of(
        $"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>{title}</title>
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
        <link rel="stylesheet" href="/assets/site.css">
        <script src="/assets/site.js" defer></script>
        </head>
        <body>
        <header class="top">
        <a class="brand" href="/"><img src="/assets/icon.svg" alt="" width="22" height="22">Jira sandbox</a>
        {trail}
        <span class="live" id="live" role="status" title="The page follows the site by itself">live</span>
        </header>
        {main}
        </body>
        </html>
        """);

    /// <summary>A person's picture: initials on a colour of their own.</summary>
    public static Html Avatar(SiteUser? user) => user is null
        ? Html.Of($"<span class=\"avatar avatar-none\" title=\"Unassigned\"></span>")
        : Html.Of($"<img class=\"avatar\" src=\"/avatars/{Uri.EscapeDataString(user.AccountId)}.svg\" alt=\"\" title=\"{user.DisplayName}\" width=\"24\" height=\"24\">");

    /// <summary>A person's picture and name.</summary>
    public static Html Person(SiteUser? user) => Html.Of($"<span class=\"person\">{Avatar(user)}{user?.DisplayName ?? "Unassigned"}</span>");

    /// <summary>A status in its category's colour.</summary>
    public static Html Status(SiteStatus status) => Html.Of($"<span class=\"status status-{status.Category.Key}\">{status.Name}</span>");

    /// <summary>A ticket type as a small coloured square.</summary>
    public static Html Type(SiteIssueType type)
    {
        var (kind, sign) = type.Name switch { "Bug" => ("bug", "●"), "Story" => ("story", "▮"), "Epic" => ("epic", "⚡"), _ when type.Subtask => ("subtask", "◱"), _ => ("task", "✓") };
        return Html.Of($"<span class=\"type type-{kind}\" title=\"{type.Name}\" aria-label=\"{type.Name}\">{sign}</span>");
    }

    /// <summary>A priority as an arrow.</summary>
    public static Html Priority(SitePriority priority)
    {
        var sign = priority.Id switch { "1" => "⇈", "2" => "↑", "3" => "=", "4" => "↓", _ => "⇊" };
        return Html.Of($"<span class=\"priority priority-{priority.Id}\" title=\"{priority.Name}\">{sign}</span>");
    }

    /// <summary>Labels.</summary>
    public static Html Labels(IEnumerable<string> labels) =>
        Html.Join(labels.Select(label => Html.Of($"<span class=\"label\">{label}</span>")));

    /// <summary>A time; the script shows it in the reader's own zone.</summary>
    public static Html Time(DateTimeOffset time) => Html.Of(
        $"<time datetime=\"{time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'")}\">{time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm")} UTC</time>");
}
