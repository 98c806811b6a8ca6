namespace AgentSquad.Atlassian.Jira;

/// <summary>Whether a person belongs to a group or has a role.</summary>
public enum MembershipResult
{
    /// <summary>The site's lists were read, and the person is not in them.</summary>
    NotMember,

    /// <summary>The person belongs to it.</summary>
    Member,

    /// <summary>The site would not tell, or has no such role: neither yes nor no.</summary>
    CannotCheck,
}

/// <summary>What a site says of a person's membership.</summary>
/// <param name="Result">Yes, no, or cannot check.</param>
/// <param name="Reason">Why it cannot be checked and what to do about it, one sentence; empty otherwise.</param>
public sealed record MembershipAnswer(MembershipResult Result, string Reason = "")
{
    internal static MembershipAnswer Of(bool isMember) => new(isMember ? MembershipResult.Member : MembershipResult.NotMember);

    internal static MembershipAnswer Unknown(string reason) => new(MembershipResult.CannotCheck, reason);
}
