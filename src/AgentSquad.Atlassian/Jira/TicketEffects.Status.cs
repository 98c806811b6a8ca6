using System.Net;
using Microsoft.Extensions.Logging;

namespace AgentSquad.Atlassian.Jira;

internal sealed partial class TicketEffects
{
    public async Task<TransitionOutcome> EnsureStatusAsync(string issueId, string statusName, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var current = (await jira.GetTicketAsync(issueId, cancellationToken)).Status;
            if (Named(current.Name, statusName)) return TransitionOutcome.AlreadyThere;

            var open = (await jira.GetTransitionsAsync(issueId, cancellationToken)).Where(item => Named(item.To.Name, statusName)).ToList();
            if (open.Find(item => !item.HasScreen) is not { } transition)
            {
                logger.LogWarning(
                    "Ticket {Ticket} cannot go from {From} to {To}: {Why}.",
                    issueId,
                    current.Name,
                    statusName,
                    open.Count > 0 ? "every transition there asks a person for fields" : "no open transition leads there, or the account may not do it");
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
                if (await IsThereAsync(issueId, statusName, cancellationToken)) return TransitionOutcome.Moved;
            }
            catch (JiraException error) when (attempt < Attempts && error.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.BadRequest)
            {
                // Someone moved the ticket in between: what is possible now is decided from where it is now.
                logger.LogInformation("Ticket {Ticket} changed while it was being moved; looking again.", issueId);
            }
        }
    }

    private async Task<bool> IsThereAsync(string issueId, string statusName, CancellationToken cancellationToken) =>
        Named((await jira.GetTicketAsync(issueId, cancellationToken)).Status.Name, statusName);

    private static bool Named(string name, string wanted) => string.Equals(name.Trim(), wanted.Trim(), StringComparison.OrdinalIgnoreCase);
}
