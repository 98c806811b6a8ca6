using System.Net;
using AgentSquad.Core.Tickets;
using Microsoft.Extensions.Logging;

namespace AgentSquad.Atlassian.Jira;

internal sealed partial class TicketEffects
{
    public Task<TransitionOutcome> EnsureStatusAsync(string issueId, string statusName, CancellationToken cancellationToken) =>
        EnsureStatusAsync(issueId, new StatusTarget(statusName), cancellationToken);

    public async Task<TransitionOutcome> EnsureStatusAsync(string issueId, StatusTarget target, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var ticket = await jira.GetTicketAsync(issueId, cancellationToken);
            var current = ticket.Status;
            if (IsThere(current, target)) return TransitionOutcome.AlreadyThere;

            var open = Candidates(await jira.GetTransitionsAsync(issueId, cancellationToken), target, current.Category);
            if (open.Find(item => !item.HasScreen) is not { } transition)
            {
                var why = open.Count > 0 ? "every transition there asks a person for fields" : await WhyNoneAsync(ticket.ProjectKey, target, cancellationToken);
                logger.LogWarning("Ticket {Ticket} cannot go from {From} to {To}: {Why}.", issueId, current.Name, target.Name ?? target.Category?.ToString(), why);
                return TransitionOutcome.NotPossible;
            }

            if (transition.To.Category < current.Category) return TransitionOutcome.WouldGoBack;

            var started = time.GetTimestamp();
            try
            {
                await jira.TransitionAsync(issueId, transition.Id, cancellationToken);
                return TransitionOutcome.Moved;
            }
            catch (JiraException error) when (attempt < Attempts && error.OutcomeUnknown)
            {
                await WaitOutAsync(started, cancellationToken);
                if (IsThere((await jira.GetTicketAsync(issueId, cancellationToken)).Status, target)) return TransitionOutcome.Moved;
            }
            catch (JiraException error) when (attempt < Attempts && error.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.BadRequest)
            {
                // Someone moved the ticket in between: what is possible now is decided from where it is now.
                logger.LogInformation("Ticket {Ticket} changed while it was being moved; looking again.", issueId);
            }
        }
    }

    private async Task<string> WhyNoneAsync(string projectKey, StatusTarget target, CancellationToken cancellationToken)
    {
        const string closed = "no open transition leads there, or the account may not do it";
        if (target.Name is not { } name) return closed;
        try
        {
            return await jira.FindStatusAsync(projectKey, name, cancellationToken) is null ? $"project {projectKey} has no status of that name; check Squad__StatusNames" : closed;
        }
        catch (JiraException)
        {
            // Only the wording depends on it.
            return closed;
        }
    }

    private static bool IsThere(TicketStatus status, StatusTarget target) =>
        target.Name is { } name ? Is(status, name) : status.Category == target.Category;

    // A status may be configured by its id too, which no translation changes.
    private static bool Is(TicketStatus status, string nameOrId) => Named(status.Name, nameOrId) || status.Id == nameOrId.Trim();

    // Several statuses may share a category ("Blocked" is often in progress), so it is asked last and only when wanted.
    private static List<JiraTransition> Candidates(IReadOnlyList<JiraTransition> open, StatusTarget target, StatusCategory current)
    {
        if (target.Transition is { } wanted && open.Where(item => item.Id == wanted || Named(item.Name, wanted)).ToList() is { Count: > 0 } chosen) return chosen;
        if (target.Name is { } name && open.Where(item => Is(item.To, name)).ToList() is { Count: > 0 } named) return named;
        return target.Category is { } category && category > current ? [.. open.Where(item => item.To.Category == category)] : [];
    }

    private static bool Named(string name, string wanted) => string.Equals(name.Trim(), wanted.Trim(), StringComparison.OrdinalIgnoreCase);
}
