namespace AgentSquad.Atlassian.Wiki;

/// <summary>Jira's wiki has one kind of panel; the document's kinds are its titles.</summary>
internal static class WikiPanels
{
    public static string TitleOf(string? panelType) => panelType switch
    {
        "note" => "Note",
        "warning" => "Warning",
        "success" => "Success",
        "error" => "Error",
        _ => "Info",
    };

    /// <summary>The kind that a title stands for; null when it is a title of its own.</summary>
    public static string? TypeOf(string title) => title switch
    {
        "Info" => "info",
        "Note" => "note",
        "Warning" => "warning",
        "Success" => "success",
        "Error" => "error",
        _ => null,
    };
}
