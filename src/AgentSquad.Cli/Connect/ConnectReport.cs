using AgentSquad.Atlassian.Diagnostics;
using AgentSquad.Atlassian.Jira;

namespace AgentSquad.Cli.Connect;

/// <summary>What came of connecting.</summary>
/// <param name="Findings">Step by step.</param>
/// <param name="IsProven">Whether signed events get through to the app.</param>
/// <param name="IsRegistered">Whether the site sends them.</param>
/// <param name="Form">What to fill in by hand when it does not; null otherwise.</param>
internal sealed record ConnectReport(IReadOnlyList<Finding> Findings, bool IsProven, bool IsRegistered, FormValues? Form);

/// <summary>The values for Jira's form. The secret itself is not among them, only where it stands.</summary>
/// <param name="Page">Address of the form.</param>
/// <param name="Name">Name.</param>
/// <param name="Url">URL.</param>
/// <param name="Secret">Where the secret stands.</param>
/// <param name="Filter">JQL filter; empty for all tickets.</param>
/// <param name="Events">Boxes to tick.</param>
internal sealed record FormValues(string Page, string Name, string Url, string Secret, string Filter, IReadOnlyList<string> Events)
{
    private static readonly Dictionary<string, string> Boxes = new(StringComparer.Ordinal)
    {
        ["jira:issue_created"] = "Issue: created", ["jira:issue_updated"] = "Issue: updated", ["jira:issue_deleted"] = "Issue: deleted",
        ["comment_created"] = "Comment: created", ["comment_updated"] = "Comment: updated", ["comment_deleted"] = "Comment: deleted",
    };

    /// <summary>The values of a webhook.</summary>
    public static FormValues Of(JiraWebhookDraft draft, string secretSource, Uri site) => new(
        $"{site.AbsoluteUri.TrimEnd('/')}/plugins/servlet/webhooks",
        draft.Name,
        draft.Url,
        $"the value of Jira__WebhookSecret ({secretSource})",
        draft.JqlFilter ?? "",
        [.. JiraWebhookDraft.Events.Select(one => Boxes[one])]);
}
