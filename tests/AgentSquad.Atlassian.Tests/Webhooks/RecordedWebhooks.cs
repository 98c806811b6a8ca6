using static AgentSquad.Core.Tickets.TicketEventKind;

namespace AgentSquad.Atlassian.Tests.Webhooks;

/// <summary>
/// One row per file of the recorded corpus. The values were written by reading the files, not by running the parser. Changes read
/// <c>field: from/old text -> to/new text</c>; a dash stands for null. A comment reads <c>id by author: text</c>.
/// </summary>
internal static class RecordedWebhooks
{
    private const string Cloud = "https://some-instance-test.atlassian.net";
    private const string Sales = "http://sales-jira.centralus.cloudapp.azure.com:8080";
    private const string Server = "http://some-instance-test.centralus.cloudapp.azure.com:8080";
    private const string Admin = "5c5f880629be9642ba529340";
    private const string IssueUpdated = "jira:issue_updated";

    public static IReadOnlyList<RecordedWebhook> All { get; } =
    [
        new("webhook-cloud-comment-created.json", "comment_created", CommentCreated, Cloud, "10040", "TES-41", Admin, "Story", "High",
            Comment: $"10019 by {Admin}: Added a comment"),
        new("webhook-cloud-comment-updated.json", "comment_updated", CommentUpdated, Cloud, "10040", "TES-41", Admin, "Story", "High",
            Comment: $"10019 by {Admin}: Added a comment, then edited it"),
        new("webhook-cloud-issue-updated-custom-field.json", IssueUpdated, Updated, "https://mmtest.atlassian.net", "10368", "TES-14",
            "5cedcb4355a88a0fc86388ba", "Story", "Medium", Labels: "Pickles", Changes: "MJK - Number Field: -/1 -> -/12"),
        new("webhook-issue-comment-created-indentation.json", IssueUpdated, CommentCreated, "http://localhost:8082", "10101", "TEST-4",
            "test", "Story", "Medium",
            Comment: "10503 by test: [~Test] creating a test comment\r\n\r\na second line for the test comment"),
        new("webhook-issue-created-no-description.json", "jira:issue_created", Created, Cloud, "10040", "TES-41", Admin, "Story", "High",
            Labels: "test-label",
            Changes: "description: -/- -> -/; priority: -/- -> 2/High; reporter: -/- -> admin/Test User; Status: -/- -> 10001/To Do; "
                + "summary: -/- -> -/Unit test summary"),
        new("webhook-issue-created-with-security-level.json", "jira:issue_created", Created, Cloud, "10040", "TES-41", Admin, "Story", "High",
            Labels: "test-label",
            Changes: "description: -/- -> -/Unit test description, not that long; priority: -/- -> 2/High; "
                + "reporter: -/- -> admin/Test User; Status: -/- -> 10001/To Do; summary: -/- -> -/Unit test summary"),
        new("webhook-issue-deleted.json", "jira:issue_deleted", Deleted, Cloud, "10303", "IDT-19", Admin, "Task", "Medium"),
        new("webhook-issue-updated-assigned-on-server.json", IssueUpdated, Updated, Server, "10226", "PRJA-37", "admin", "Improvement", "Medium",
            Changes: "assignee: -/- -> admin/Test User"),
        new("webhook-issue-updated-attachments.json", IssueUpdated, Updated, Cloud, "10040", "TES-41", Admin, "Story", "High",
            Labels: "sad test-label", Changes: "Attachment: -/test.json test.xml -> -/test.gif test.xml"),
        new("webhook-issue-updated-edited.json", IssueUpdated, Updated, Cloud, "10040", "TES-41", Admin, "Story", "High",
            Labels: "test-label",
            Changes: "description: -/Unit test description, not that long -> -/Unit test description, not that long, a little longer now"),
        new("webhook-issue-updated-issue-type.json", IssueUpdated, Updated, Cloud, "10040", "TES-41", Admin, "Story", "High",
            Labels: "test-label", Changes: "issuetype: 10002/Task -> 10004/Bug"),
        new("webhook-issue-updated-lowered-priority.json", IssueUpdated, Updated, Cloud, "10040", "TES-41", Admin, "Story", "Low",
            Labels: "sad test-label", Changes: "priority: 2/High -> 4/Low"),
        new("webhook-issue-updated-multiple-values.json", IssueUpdated, Updated, Cloud, "10040", "TES-41", Admin, "Story", "High",
            Labels: "test-label",
            Changes: "Fix Version: 10000/v1 -> 10001/v2; assignee: -/- -> 5cedcb4355a88a0fc86388ba/Test User; "
                + "QA Steps: -/- -> -/Make sure it does the thing."),
        new("webhook-issue-updated-rank.json", IssueUpdated, Updated, Cloud, "10040", "TES-41", Admin, "Story", "High",
            Labels: "sad test-label", Changes: "Rank: -/ -> -/ranked higher"),
        new("webhook-issue-updated-reopened-one-changelog.json", IssueUpdated, Updated, Cloud, "10040", "TES-41", Admin, "Story", "High",
            Labels: "test-label", Changes: "resolution: 10000/Done -> -/-"),
        new("webhook-issue-updated-resolved-one-changelog.json", IssueUpdated, Updated, Cloud, "10040", "TES-41", Admin, "Story", "High",
            Labels: "test-label", Changes: "resolution: -/- -> 10000/Done"),
        new("webhook-issue-updated-sprint.json", IssueUpdated, Updated, Cloud, "10040", "TES-41", Admin, "Story", "High",
            Labels: "sad test-label", Changes: "Sprint: -/Sprint 1 -> -/Sprint 2"),

        // No issue in these two: the id stands in the comment's own address.
        new("webhook-server-comment-created.json", "comment_created", CommentCreated, Sales, "10013", null, "levbrouk", null, null,
            Comment: "10082 by levbrouk: unik"),
        new("webhook-server-comment-updated.json", "comment_updated", CommentUpdated, Sales, "10013", null, "levbrouk", null, null,
            Comment: "10084 by levbrouk: and higher eeven higher"),

        // Server says what happened to the comment, but not which comment it was.
        new("webhook-server-issue-updated-comment-deleted.json", IssueUpdated, CommentDeleted, Sales, "10013", "PRJX-14", "levbrouk", "Story", "Medium"),
        new("webhook-server-issue-updated-commented-1.json", IssueUpdated, CommentCreated, Sales, "10013", "PRJX-14", "levbrouk", "Story", "Medium",
            Comment: "10082 by levbrouk: unik"),
        new("webhook-server-issue-updated-commented-3.json", IssueUpdated, CommentCreated, "http://test-server.azure.com:8080", "10231", "PRJA-42",
            "TestUser", "Improvement", "Medium",
            Comment: "10118 by TestUser: This is a test comment. We should act on it right away. cc: [~SomeOtherUser]"),
        new("webhook-server-issue-updated-in-progress.json", IssueUpdated, Updated, Server, "10300", "TES-4", "admin", "Bug", "Medium",
            Changes: "status: 4/Reopened -> 3/In Progress"),
        new("webhook-server-issue-updated-reopened.json", IssueUpdated, Updated, Server, "10300", "TES-4", "admin", "Bug", "Medium",
            Changes: "resolution: 10000/Done -> -/-; status: 5/Resolved -> 4/Reopened"),

        // The changelog holds the user name, the ticket beside it the account id of the same person.
        new("webhook-server-old-issue-updated-no-event-type-assigned.json", IssueUpdated, Updated, Cloud, "10040", "TES-41", Admin, "Story", "High",
            Labels: "test-label", Changes: $"assignee: -/- -> {Admin}/Test User"),

        // Created 00:50, updated 00:53: an edit, although nothing names it so.
        new("webhook-server-old-issue-updated-no-event-type-comment-edited.json", IssueUpdated, CommentUpdated, Sales, "10013", "PRJX-14",
            "levbrouk", "Story", "Medium", Comment: "10084 by levbrouk: and higher eeven higher"),
        new("webhook-server-old-issue-updated-no-event-type-edited.json", IssueUpdated, Updated, Cloud, "10040", "TES-41", Admin, "Story", "High",
            Labels: "test-label",
            Changes: "description: -/Unit test description, not that long -> -/Unit test description, not that long, a little longer now"),
    ];
}
