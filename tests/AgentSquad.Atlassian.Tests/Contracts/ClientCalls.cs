using System.Text.Json.Nodes;
using AgentSquad.Atlassian.Confluence;
using AgentSquad.Atlassian.Jira;
using AgentSquad.Core.Tickets;

namespace AgentSquad.Atlassian.Tests.Contracts;

/// <summary>Every method of the two ports, called with all that it can send.</summary>
internal static class ClientCalls
{
    private static readonly CommentDraft Comment = new(
        "# Title\n\n- [ ] a **task**\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n\n> [!WARNING]\n> careful, [@Rita](accountid:rita)",
        new CommentEffect("k", "jira-1", "status"),
        new CommentVisibility("role", "Developers"))
    {
        IsInternal = true,
    };

    private static readonly ConfluenceSpace Space = new("7", "DOC", "Docs");

    public static IReadOnlyDictionary<string, Func<IJiraSite, Task>> Jira { get; } = new Dictionary<string, Func<IJiraSite, Task>>
    {
        [nameof(IJiraSite.GetMyselfAsync)] = site => site.GetMyselfAsync(default),
        [nameof(IJiraSite.IsOwnAsync)] = site => site.IsOwnAsync(new Person("rita", "Rita"), default),
        [nameof(IJiraSite.GetCreatorAsync)] = site => site.GetCreatorAsync("10001", default),
        [nameof(IJiraSite.GetTicketAsync)] = async site =>
        {
            await site.GetTicketAsync("10001", default);
            await site.GetTicketAsync("10001", ["Severity"], default);
        },
        [nameof(IJiraSite.GetCommentsAsync)] = site => site.GetCommentsAsync("10001", default),
        [nameof(IJiraSite.GetCommentAsync)] = site => site.GetCommentAsync("10001", "5", default),
        [nameof(IJiraSite.AddCommentAsync)] = site => site.AddCommentAsync("10001", Comment, default),
        [nameof(IJiraSite.UpdateCommentAsync)] = site => site.UpdateCommentAsync("10001", "5", Comment, default),
        [nameof(IJiraSite.DeleteCommentAsync)] = site => site.DeleteCommentAsync("10001", "5", default),
        [nameof(IJiraSite.GetTransitionsAsync)] = site => site.GetTransitionsAsync("10001", default),
        [nameof(IJiraSite.TransitionAsync)] = site => site.TransitionAsync("10001", "21", default),
        [nameof(IJiraSite.IsInGroupAsync)] = site => site.IsInGroupAsync("rita", "leads", default),
        [nameof(IJiraSite.IsInProjectRoleAsync)] = site => site.IsInProjectRoleAsync("TEST", "rita", "Developers", default),
        [nameof(IJiraSite.CreateTicketAsync)] = site => site.CreateTicketAsync(
            new TicketDraft("TEST", "Sub-task", "Do it")
            {
                Description = "text",
                Labels = ["a"],
                ParentKey = "TEST-1",
                Fields = new Dictionary<string, JsonNode?> { ["customfield_1"] = 5 },
                Properties = new Dictionary<string, JsonNode> { ["agentsquad"] = new JsonObject { ["key"] = "k" } },
            },
            default),
        [nameof(IJiraSite.UpdateTicketAsync)] = site => site.UpdateTicketAsync(
            "10001", new TicketEdit { Summary = "s", Description = "d", AddLabels = ["a"], RemoveLabels = ["b"] }, default),
        [nameof(IJiraSite.DeleteTicketAsync)] = site => site.DeleteTicketAsync("10001", default),
        [nameof(IJiraSite.AssignAsync)] = async site =>
        {
            await site.AssignAsync("10001", "rita", default);
            await site.AssignAsync("10001", null, default);
        },
        [nameof(IJiraSite.SearchAsync)] = async site =>
        {
            await foreach (var _ in site.SearchAsync("project = TEST", default)) { }
        },
        [nameof(IJiraSite.GetSubtasksAsync)] = site => site.GetSubtasksAsync("10001", default),
        [nameof(IJiraSite.GetLinksAsync)] = site => site.GetLinksAsync("10001", default),
        [nameof(IJiraSite.LinkAsync)] = site => site.LinkAsync("Blocks", "TEST-1", "TEST-2", default),
        [nameof(IJiraSite.DeleteLinkAsync)] = site => site.DeleteLinkAsync("9", default),
        [nameof(IJiraSite.GetRemoteLinksAsync)] = site => site.GetRemoteLinksAsync("10001", default),
        [nameof(IJiraSite.SetRemoteLinkAsync)] = site => site.SetRemoteLinkAsync("10001", new RemoteLink("g", "https://x.example", "t", "documents"), default),
        [nameof(IJiraSite.GetAttachmentsAsync)] = site => site.GetAttachmentsAsync("10001", default),
        [nameof(IJiraSite.AddAttachmentAsync)] = site => site.AddAttachmentAsync("10001", "plan ä.md", "x"u8.ToArray(), default),
        [nameof(IJiraSite.DownloadAttachmentAsync)] = site => site.DownloadAttachmentAsync(new TicketAttachment("3", "plan ä.md", 1, null, default), default),
        [nameof(IJiraSite.DeleteAttachmentAsync)] = site => site.DeleteAttachmentAsync("3", default),
        [nameof(IJiraSite.GetPropertyAsync)] = site => site.GetPropertyAsync("10001", "agentsquad", default),
        [nameof(IJiraSite.SetPropertyAsync)] = site => site.SetPropertyAsync("10001", "agentsquad", new JsonObject { ["a"] = 1 }, default),
        [nameof(IJiraSite.DeletePropertyAsync)] = site => site.DeletePropertyAsync("10001", "agentsquad", default),
        [nameof(IJiraSite.GetUserAsync)] = site => site.GetUserAsync("rita", default),
        [nameof(IJiraSite.FindUsersAsync)] = site => site.FindUsersAsync("rita", default),
        [nameof(IJiraSite.GetServerAsync)] = site => site.GetServerAsync(default),
        [nameof(IJiraSite.GetPermissionsAsync)] = site => site.GetPermissionsAsync("TEST", ["ADD_COMMENTS", "EDIT_ISSUES"], default),
        [nameof(IJiraSite.GetStatusesAsync)] = site => site.GetStatusesAsync("TEST", default),
        [nameof(IJiraSite.GetWebhooksAsync)] = site => site.GetWebhooksAsync(default),
        [nameof(IJiraSite.RegisterWebhookAsync)] = site => site.RegisterWebhookAsync(
            new JiraWebhookDraft("AgentSquad", "https://x.example/api/jira/webhook", "hush", "project = TEST"), default),
        [nameof(IJiraSite.UpdateWebhookAsync)] = site => site.UpdateWebhookAsync(
            "4", new JiraWebhookDraft("AgentSquad", "https://x.example/api/jira/webhook", "hush", "project = TEST"), default),
        [nameof(IJiraSite.DeleteWebhookAsync)] = site => site.DeleteWebhookAsync("4", default),
        [nameof(IJiraSite.FindFieldAsync)] = site => site.FindFieldAsync("Story Points", default),
        [nameof(IJiraSite.FindStatusAsync)] = site => site.FindStatusAsync("TEST", "Done", default),
        [nameof(IJiraSite.FindIssueTypeAsync)] = site => site.FindIssueTypeAsync("TEST", "Bug", default),
    };

    public static IReadOnlyDictionary<string, Func<IConfluenceClient, Task>> Confluence { get; } = new Dictionary<string, Func<IConfluenceClient, Task>>
    {
        [nameof(IConfluenceClient.GetSpaceAsync)] = site => site.GetSpaceAsync("DOC", default),
        [nameof(IConfluenceClient.MayCreatePagesAsync)] = site => site.MayCreatePagesAsync(Space, default),
        [nameof(IConfluenceClient.GetPageAsync)] = site => site.GetPageAsync("11", default),
        [nameof(IConfluenceClient.FindPageAsync)] = site => site.FindPageAsync(Space, "A & B", default),
        [nameof(IConfluenceClient.CreatePageAsync)] = site => site.CreatePageAsync(Space, "A & B", "# text", "10", default),
        [nameof(IConfluenceClient.UpdatePageAsync)] = site => site.UpdatePageAsync("11", "A & B", "# text", default),
        [nameof(IConfluenceClient.EnsurePageAsync)] = site => site.EnsurePageAsync(Space, "A & B", "# text", "10", default),
        [nameof(IConfluenceClient.SearchAsync)] = site => site.SearchAsync("space = DOC", 10, default),
    };
}
