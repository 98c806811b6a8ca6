using AgentSquad.Core.Tickets;

namespace AgentSquad.Atlassian.Jira;

/// <summary>
/// Remembers which account the app acts as. Anyone who may write on a ticket can copy the app's marks; nobody else can be the author of what it
/// wrote.
/// </summary>
internal sealed class OwnAccount(TimeProvider time)
{
    // Accounts are renamed on Data Center, and credentials change hands. Strangers' marks are rare, so asking again is cheap, but they
    // must not buy themselves a request each.
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMinutes(1);

    private Known? _known;

    /// <summary>Whether somebody is the account.</summary>
    /// <param name="person">Account id on Cloud, user name on Data Center; null is nobody.</param>
    /// <param name="read">Asks the site who the credentials belong to.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public async Task<bool> IsAsync(Person? person, Func<CancellationToken, Task<Person>> read, CancellationToken cancellationToken)
    {
        if (person is null) return false;
        var known = _known;
        if (known is null || (known.AccountId != person.AccountId && time.GetElapsedTime(known.Asked) >= AskAgainAfter))
        {
            _known = known = new Known((await read(cancellationToken)).AccountId, time.GetTimestamp());
        }

        return known.AccountId == person.AccountId;
    }

    private sealed record Known(string AccountId, long Asked);
}
