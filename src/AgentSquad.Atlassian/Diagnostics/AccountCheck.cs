using AgentSquad.Atlassian.Jira;
using AgentSquad.Atlassian.Jira.Http;

namespace AgentSquad.Atlassian.Diagnostics;

/// <summary>Who the squad is on the site, and whether that is an account of its own.</summary>
internal sealed class AccountCheck(IJiraSite site, SiteAccess access, SiteExpectations expected)
{
    private const string Check = "jira.account";
    private const string OwnAccount = "A separate account for the squad is recommended: people see who wrote what, and a leaked token opens less.";
    private const int TicketsRead = 20;

    /// <summary>Logs in.</summary>
    public async Task<IReadOnlyList<Finding>> LogInAsync(CancellationToken cancellationToken)
    {
        try
        {
            var me = await site.GetMyselfAsync(cancellationToken);
            var findings = new List<Finding> { Finding.Ok("jira.token", $"Logged in as {me.DisplayName} ({me.AccountId}).", "Jira__ApiToken") };
            if (expected.BotAccount is { } bot && bot.Name != me.AccountId)
            {
                findings.Add(Finding.Error(
                    "jira.bot",
                    $"{bot.Setting} is {bot.Name}, but the token belongs to {me.AccountId}: assigning or mentioning the squad would start nothing.",
                    $"Set {bot.Setting}={me.AccountId}.",
                    bot.Setting));
            }

            return findings;
        }
        catch (JiraException error)
        {
            return [FailureFindings.Of(error, "jira.token", access)];
        }
    }

    /// <summary>Looks for signs that the account is a person's.</summary>
    public async Task<IReadOnlyList<Finding>> LookAtAccountAsync(CancellationToken cancellationToken)
    {
        try
        {
            var signs = new List<string>();
            if ((await site.GetPermissionsAsync(null, ["ADMINISTER"], cancellationToken))["ADMINISTER"]) signs.Add("administers the site");
            if (await OwnTicketAsync(cancellationToken) is { } ticket) signs.Add($"reports tickets, such as {ticket}");
            return signs.Count == 0
                ? [Finding.Ok(Check, "The account looks like one of the squad's own.", "Jira__Email")]
                : [Finding.Warning(Check, $"The account {string.Join(" and ", signs)}: it looks like a person's.", OwnAccount, "Jira__Email")];
        }
        catch (JiraException error)
        {
            return [FailureFindings.Of(error, Check, access)];
        }
    }

    // The squad itself reports sub-tasks only.
    private async Task<string?> OwnTicketAsync(CancellationToken cancellationToken)
    {
        var read = 0;
        await foreach (var ticket in site.SearchAsync("reporter = currentUser() ORDER BY created DESC", cancellationToken))
        {
            if (!ticket.IssueType.StartsWith("Sub", StringComparison.OrdinalIgnoreCase)) return ticket.Key;
            if (++read == TicketsRead) break;
        }

        return null;
    }
}
