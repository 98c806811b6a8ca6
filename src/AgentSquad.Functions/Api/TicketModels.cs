using AgentSquad.Core.Squad;
using AgentSquad.Functions.Budgets;
using AgentSquad.Functions.Run;
using Microsoft.DurableTask.Client;

namespace AgentSquad.Functions.Api;

/// <summary>A ticket's run in a list.</summary>
internal record TicketItem(
    string Ticket, string IssueId, string Site, string Summary, string InstanceId, string RunStatus, string Stage,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    /// <summary>The item of a run.</summary>
    public static TicketItem Of(OrchestrationMetadata run)
    {
        var status = StatusOf(run);
        return new(
            status.Ticket, status.IssueId, status.Site, status.Summary, run.InstanceId, run.RuntimeStatus.ToString(), status.Stage,
            run.CreatedAt, run.LastUpdatedAt);
    }

    // A run that has not begun has no status yet; its instance id tells which ticket it is about.
    internal static SquadRunStatus StatusOf(OrchestrationMetadata run) =>
        StatusJson.Read(run.SerializedCustomStatus)
        ?? new SquadRunStatus("", run.InstanceId[(run.InstanceId.LastIndexOf('-') + 1)..], "", "", StageNames.Triage, [], []);
}

/// <summary>A ticket's run with its details: the stages in the order in which they were entered, the plan's tasks, why it failed if it did, what it has cost, who decided what.</summary>
internal sealed record TicketDetail(
    string Ticket, string IssueId, string Site, string Summary, string InstanceId, string RunStatus, string Stage,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, IReadOnlyList<string> Stages, IReadOnlyList<SquadTaskStatus> Tasks,
    string? Detail, string? Failure, TicketCost? Cost, IReadOnlyList<string> Decisions)
    : TicketItem(Ticket, IssueId, Site, Summary, InstanceId, RunStatus, Stage, CreatedAt, UpdatedAt)
{
    /// <summary>The details of a run.</summary>
    public static TicketDetail Of(OrchestrationMetadata run, TicketCost? cost)
    {
        var status = StatusOf(run);
        return new(
            status.Ticket, status.IssueId, status.Site, status.Summary, run.InstanceId, run.RuntimeStatus.ToString(), status.Stage,
            run.CreatedAt, run.LastUpdatedAt, status.Stages, status.Tasks, status.Detail, run.FailureDetails?.ErrorMessage, cost, status.Decisions ?? []);
    }
}
