using AgentSquad.Core.Tickets;

namespace AgentSquad.Core.Approval;

/// <summary>Who may decide. A person needs one of the rights; membership in roles and groups is read from the site beforehand.</summary>
public sealed record DecisionRight
{
    /// <summary>The reporter or the assignee.</summary>
    public static DecisionRight Default { get; } = new();

    /// <summary>Whether the ticket's reporter may. Default is true.</summary>
    public bool Reporter { get; init; } = true;

    /// <summary>Whether the ticket's assignee may. Default is true.</summary>
    public bool Assignee { get; init; } = true;

    /// <summary>Account ids of people who may.</summary>
    public IReadOnlyList<string> Accounts { get; init; } = [];

    /// <summary>Names of project roles whose members may.</summary>
    public IReadOnlyList<string> ProjectRoles { get; init; } = [];

    /// <summary>Names of groups whose members may.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>Whether membership has to be asked of the site to judge a person who has no other right.</summary>
    public bool NeedsMembership => ProjectRoles.Count + Groups.Count > 0;

    /// <summary>Judges whether a person may decide about a ticket.</summary>
    /// <param name="person">Who wants to decide, as the site names the author of the comment; null is refused.</param>
    /// <param name="ticket">The ticket as read now.</param>
    /// <param name="membership">What the site says of the person's roles and groups; null when it was not asked.</param>
    public DecisionVerdict Judge(Person? person, Ticket ticket, Membership? membership)
    {
        if (person is null || person.AccountId.Length == 0)
        {
            return DecisionVerdict.Refused("the comment does not say who wrote it");
        }

        if (person.IsApp)
        {
            return DecisionVerdict.Refused("an app cannot decide, only a person can");
        }

        bool Is(Person? other) => other is not null && string.Equals(other.AccountId, person.AccountId, StringComparison.Ordinal);
        if (Reporter && Is(ticket.Reporter))
        {
            return DecisionVerdict.Granted("reporter");
        }

        if (Assignee && Is(ticket.Assignee))
        {
            return DecisionVerdict.Granted("assignee");
        }

        if (Accounts.Contains(person.AccountId, StringComparer.Ordinal))
        {
            return DecisionVerdict.Granted("named in the policy");
        }

        return JudgeMembership(membership);
    }

    private DecisionVerdict JudgeMembership(Membership? membership)
    {
        var role = Common(ProjectRoles, membership?.ProjectRoles);
        var group = Common(Groups, membership?.Groups);
        if (role is not null || group is not null)
        {
            return DecisionVerdict.Granted(role is not null ? $"project role {Policies.Words.Quote(role)}" : $"group {Policies.Words.Quote(group!)}");
        }

        // A right that cannot be checked is no right.
        var isUnknown = (ProjectRoles.Count > 0 && membership?.ProjectRoles is null) || (Groups.Count > 0 && membership?.Groups is null);
        return isUnknown
            ? new(false, $"{Describe()} may, and the site did not tell whether you are one of them", IsUnknown: true)
            : DecisionVerdict.Refused($"only {Describe()} may");
    }

    /// <summary>Who may decide, in words such as <c>the reporter, the assignee or a member of the group `leads`</c>.</summary>
    public string Describe()
    {
        List<string> who =
        [
            .. Reporter ? ["the reporter"] : Array.Empty<string>(),
            .. Assignee ? ["the assignee"] : Array.Empty<string>(),
            .. Accounts.Count > 0 ? ["someone named in the policy"] : Array.Empty<string>(),
            .. ProjectRoles.Select(role => $"someone in the project role {Policies.Words.Quote(role)}"),
            .. Groups.Select(group => $"a member of the group {Policies.Words.Quote(group)}"),
        ];
        return who.Count switch
        {
            0 => "nobody",
            1 => who[0],
            _ => $"{string.Join(", ", who.Take(who.Count - 1))} or {who[^1]}",
        };
    }

    private static string? Common(IReadOnlyList<string> wanted, IReadOnlyList<string>? held) =>
        wanted.FirstOrDefault(name => held?.Contains(name, StringComparer.OrdinalIgnoreCase) ?? false);
}

/// <summary>Roles and groups of a person on a site.</summary>
/// <param name="ProjectRoles">Names of the project roles the person is in; null when the site would not tell.</param>
/// <param name="Groups">Names of the person's groups; null when the site would not tell.</param>
public sealed record Membership(IReadOnlyList<string>? ProjectRoles, IReadOnlyList<string>? Groups);

/// <summary>Whether a person may decide.</summary>
/// <param name="IsGranted">Whether.</param>
/// <param name="Reason">The right that was used, or why not: a clause fit for a reply.</param>
/// <param name="IsUnknown">Whether it was refused only because the site would not tell; <c>doctor</c> names the missing permission.</param>
public sealed record DecisionVerdict(bool IsGranted, string Reason, bool IsUnknown = false)
{
    /// <summary>The person may.</summary>
    public static DecisionVerdict Granted(string right) => new(true, right);

    /// <summary>The person may not.</summary>
    public static DecisionVerdict Refused(string why) => new(false, why);
}
