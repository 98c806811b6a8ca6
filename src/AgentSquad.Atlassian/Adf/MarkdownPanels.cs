namespace AgentSquad.Atlassian.Adf;

/// <summary>Panels, written as alerts: <c>&gt; [!WARNING]</c>. GitHub's names are understood as well.</summary>
internal static class MarkdownPanels
{
    public static bool IsPanel(string type) => type is "info" or "note" or "warning" or "success" or "error" or "tip";

    /// <summary>The panel type of an alert's name; null when it names none.</summary>
    public static string? TypeOf(string name) => name.ToUpperInvariant() switch
    {
        "INFO" => "info",
        "NOTE" => "note",
        "IMPORTANT" => "note",
        "WARNING" => "warning",
        "SUCCESS" => "success",
        "TIP" => "success",
        "ERROR" or "CAUTION" => "error",
        _ => null,
    };
}
