using System.Text.Json;
using AgentSquad.Core.Squad;
using AgentSquad.Functions.Run;
using Microsoft.DurableTask.Client;

namespace AgentSquad.Functions.Tests.Support;

/// <summary>Runs as the durable client shows them.</summary>
internal static class TestRuns
{
    public static string InstanceId(string issueId) => $"jira-12345678-{issueId}";

    public static OrchestrationMetadata Run(
        string issueId, RunStage stage, OrchestrationRuntimeStatus status, string name = nameof(TicketOrchestrator), bool isUnwritten = false,
        string? runId = null, string? commentId = null)
    {
        var shown = new SquadRunStatus(
            $"TEST-{issueId}", issueId, TestEvents.Site, "A ticket", stage.ToString(), ["Triage", stage.ToString()],
            [new SquadTaskStatus("T1", "Task T1", "Tester", "Pending")])
        {
            IsUnwritten = isUnwritten, RunId = runId, CommentId = commentId,
        };
        var input = TicketScript.Input();
        input.IssueId = issueId;
        return new OrchestrationMetadata(name, InstanceId(issueId))
        {
            RuntimeStatus = status,
            SerializedCustomStatus = StatusJson.Of(shown).GetRawText(),
            SerializedInput = JsonSerializer.Serialize(input),
            CreatedAt = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero),
        };
    }
}
