using AgentSquad.Functions.Intake;
using AgentSquad.Functions.Storage;

namespace AgentSquad.Functions.Api;

/// <summary>Finds a ticket's run by what people type.</summary>
internal sealed class TicketLocator(TicketIndex tickets, SiteRegistry sites)
{
    /// <summary>Instance id of the runs of a ticket; null when the squad has not met the key.</summary>
    /// <param name="key">A key such as <c>TEST-1</c>, or the ticket's id.</param>
    /// <param name="cancellationToken">Cancels the look-up.</param>
    public async Task<string?> InstanceIdAsync(string key, CancellationToken cancellationToken) =>
        key.All(char.IsAsciiDigit) && sites.Find(claimed: null) is { } site
            ? SiteRegistry.InstanceId(site, key)
            : await tickets.FindAsync(key, cancellationToken);
}
