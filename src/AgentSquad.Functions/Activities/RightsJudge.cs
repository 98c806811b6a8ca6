using AgentSquad.Atlassian.Jira;
using AgentSquad.Core.Approval;
using AgentSquad.Core.Commands;
using AgentSquad.Core.Tickets;
using AgentSquad.Functions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentSquad.Functions.Activities;

/// <summary>
/// Judges whether a person may give a command, and asks the site for roles and groups only when nothing else gives the right. What the site does not
/// tell is refused: a right that cannot be checked is no right.
/// </summary>
internal sealed class RightsJudge(IJiraClient jira, IOptions<SquadOptions> options, ILogger<RightsJudge> logger)
{
    /// <summary>Judges a command.</summary>
    /// <param name="kind">The command.</param>
    /// <param name="person">The author of the comment as the site names them now.</param>
    /// <param name="ticket">The ticket as read now.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    public async Task<DecisionVerdict> JudgeAsync(CommandKind kind, Person? person, Ticket ticket, CancellationToken cancellationToken)
    {
        var policy = options.Value.ToCommandPolicy();
        var verdict = policy.Judge(kind, person, ticket, membership: null);
        if (verdict.IsGranted || person is not { IsApp: false, AccountId.Length: > 0 } || policy.RightFor(kind) is not { NeedsMembership: true } right) return verdict;
        var roles = await HeldAsync(right.ProjectRoles, role => jira.IsInProjectRoleAsync(ticket.ProjectKey, person.AccountId, role, cancellationToken));
        var groups = await HeldAsync(right.Groups, group => jira.IsInGroupAsync(person.AccountId, group, cancellationToken));
        return policy.Judge(kind, person, ticket, new Membership(roles, groups));
    }

    // Null when nothing is held and something could not be checked.
    private async Task<IReadOnlyList<string>?> HeldAsync(IReadOnlyList<string> names, Func<string, Task<MembershipAnswer>> ask)
    {
        var (held, isUnknown) = (new List<string>(), false);
        foreach (var name in names)
        {
            var answer = await ask(name);
            if (answer.Result == MembershipResult.Member) held.Add(name);
            if (answer.Result != MembershipResult.CannotCheck) continue;
            isUnknown = true;
            logger.LogWarning("Whether a person is in {Name} could not be checked: {Problem}", name, answer.Reason);
        }

        return held.Count == 0 && isUnknown ? null : held;
    }
}
