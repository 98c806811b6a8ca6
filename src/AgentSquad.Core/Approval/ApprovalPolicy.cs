using AgentSquad.Core.Squad;
using AgentSquad.Core.Tickets;

namespace AgentSquad.Core.Approval;

/// <summary>When a plan needs a person's decision before work starts.</summary>
public sealed record ApprovalPolicy
{
    /// <summary>Never asks.</summary>
    public static ApprovalPolicy Default { get; } = new();

    /// <summary>The rule. Default is <see cref="ApprovalMode.Never"/>.</summary>
    public ApprovalMode Mode { get; init; } = ApprovalMode.Never;

    /// <summary>For <see cref="ApprovalMode.ByComplexity"/>: asks from this complexity on. Default is 6.</summary>
    public int FromComplexity { get; init; } = 6;

    /// <summary>For <see cref="ApprovalMode.ByLabel"/>: asks for tickets with one of these labels, compared ignoring case. Default is <c>needs-approval</c>.</summary>
    public IReadOnlyList<string> Labels { get; init; } = ["needs-approval"];

    /// <summary>For <see cref="ApprovalMode.ByProject"/>: asks in projects with one of these keys, compared ignoring case.</summary>
    public IReadOnlyList<string> Projects { get; init; } = [];

    /// <summary>What happens when nobody decides in time. Default is <see cref="ApprovalTimeout.Stop"/>.</summary>
    public ApprovalTimeout OnTimeout { get; init; } = ApprovalTimeout.Stop;

    /// <summary>Who may decide. Default is the reporter or the assignee.</summary>
    public DecisionRight Deciders { get; init; } = DecisionRight.Default;

    /// <summary>Says why the plan needs a decision.</summary>
    /// <param name="ticket">The ticket as read for planning.</param>
    /// <param name="plan">The plan.</param>
    /// <returns>A clause such as <c>its complexity is 7 and the policy asks from 6 on</c>; null when work may start.</returns>
    public string? WhyNeeded(Ticket ticket, SquadPlan plan) => Mode switch
    {
        ApprovalMode.Always => "the policy asks for a decision about every plan",
        ApprovalMode.ByComplexity when plan.Complexity >= FromComplexity =>
            $"its complexity is {plan.Complexity} and the policy asks from {FromComplexity} on",
        ApprovalMode.ByLabel when ticket.Labels.FirstOrDefault(label => Has(Labels, label)) is { } label =>
            $"the ticket has the label {Policies.Words.Quote(label)}",
        ApprovalMode.ByProject when Has(Projects, ticket.ProjectKey) => $"the policy asks in the project {Policies.Words.Quote(ticket.ProjectKey)}",
        _ => null,
    };

    private static bool Has(IReadOnlyList<string> names, string name) => names.Contains(name, StringComparer.OrdinalIgnoreCase);
}

/// <summary>Rules for asking.</summary>
public enum ApprovalMode
{
    /// <summary>Work starts at once.</summary>
    Never,

    /// <summary>Every plan is decided by a person.</summary>
    Always,

    /// <summary>From a complexity on.</summary>
    ByComplexity,

    /// <summary>For tickets with a label.</summary>
    ByLabel,

    /// <summary>In some projects.</summary>
    ByProject,
}

/// <summary>What happens when nobody decides in time.</summary>
public enum ApprovalTimeout
{
    /// <summary>The run ends and says so.</summary>
    Stop,

    /// <summary>The plan counts as approved.</summary>
    Approve,
}
