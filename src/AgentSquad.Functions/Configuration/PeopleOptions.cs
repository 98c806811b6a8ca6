using System.ComponentModel.DataAnnotations;
using AgentSquad.Core.Approval;
using AgentSquad.Core.Policies;

namespace AgentSquad.Functions.Configuration;

/// <summary>Who may do something.</summary>
public sealed class RightOptions
{
    /// <summary>Whether the reporter may. Default is true.</summary>
    public bool Reporter { get; set; } = true;

    /// <summary>Whether the assignee may. Default is true.</summary>
    public bool Assignee { get; set; } = true;

    /// <summary>Account ids of people who may.</summary>
    public IReadOnlyList<string>? Accounts { get; set; }

    /// <summary>Names of project roles whose members may.</summary>
    public IReadOnlyList<string>? ProjectRoles { get; set; }

    /// <summary>Names of groups whose members may.</summary>
    public IReadOnlyList<string>? Groups { get; set; }
}

/// <summary>When a plan needs a person's decision, and who decides.</summary>
public sealed class ApprovalOptions
{
    /// <summary><c>Never</c> (default), <c>Always</c>, <c>ByComplexity</c>, <c>ByLabel</c> or <c>ByProject</c>.</summary>
    [EnumDataType(typeof(ApprovalMode), ErrorMessage = "Squad__Approval__Mode must be Never, Always, ByComplexity, ByLabel or ByProject.")]
    public ApprovalMode Mode { get; set; } = ApprovalMode.Never;

    /// <summary>For <c>ByComplexity</c>: asks from this complexity on. Default is 6; 1 to 10.</summary>
    [Range(1, 10, ErrorMessage = "Squad__Approval__FromComplexity must be a whole number from 1 to 10; 6 is the default.")]
    public int FromComplexity { get; set; } = 6;

    /// <summary>For <c>ByLabel</c>: asks for tickets with one of these labels. Not set means <c>needs-approval</c>.</summary>
    public IReadOnlyList<string>? Labels { get; set; }

    /// <summary>For <c>ByProject</c>: asks in projects with these keys.</summary>
    public IReadOnlyList<string>? Projects { get; set; }

    /// <summary>When nobody decides in time: <c>Stop</c> (default) or <c>Approve</c>.</summary>
    [EnumDataType(typeof(ApprovalTimeout), ErrorMessage = "Squad__Approval__OnTimeout must be Stop or Approve.")]
    public ApprovalTimeout OnTimeout { get; set; } = ApprovalTimeout.Stop;

    /// <summary>Who decides. Default is the reporter or the assignee.</summary>
    public RightOptions Deciders { get; set; } = new();
}

/// <summary>How long the squad waits for people. All times count from the question.</summary>
public sealed class WaitOptions
{
    /// <summary>When to remind. Not set means after 1 and 3 days.</summary>
    public IReadOnlyList<TimeSpan>? RemindAfter { get; set; }

    /// <summary>When to ask <see cref="EscalateTo"/> as well. Default is after 5 days.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00", ErrorMessage = "Squad__Waiting__EscalateAfter must be a time span of up to 365 days; 5.00:00:00 is the default.")]
    public TimeSpan EscalateAfter { get; set; } = TimeSpan.FromDays(5);

    /// <summary>Account id of the person to escalate to; null (default) for nobody.</summary>
    public string? EscalateTo { get; set; }

    /// <summary>When to give up. Default is after 10 days.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00", ErrorMessage = "Squad__Waiting__GiveUpAfter must be a time span from one second to 365 days; 10.00:00:00 is the default.")]
    public TimeSpan GiveUpAfter { get; set; } = TimeSpan.FromDays(10);

    /// <summary>
    /// Times of single projects by project key, such as <c>Squad__Waiting__Projects__OPS__GiveUpAfter=2.00:00:00</c>; a project named here uses
    /// its own times alone.
    /// </summary>
    public Dictionary<string, WaitOptions> Projects { get; } = new(StringComparer.OrdinalIgnoreCase);
}

/// <summary>What a run does when people take the ticket away: <c>Continue</c>, <c>Pause</c> or <c>Stop</c>.</summary>
public sealed class WithdrawalOptions
{
    /// <summary>When a person closes the ticket. Default is <c>Stop</c>.</summary>
    [EnumDataType(typeof(Withdrawal), ErrorMessage = "Squad__Withdrawal__OnClosed must be Continue, Pause or Stop.")]
    public Withdrawal OnClosed { get; set; } = Withdrawal.Stop;

    /// <summary>When the trigger label is removed. Default is <c>Stop</c>.</summary>
    [EnumDataType(typeof(Withdrawal), ErrorMessage = "Squad__Withdrawal__OnLabelRemoved must be Continue, Pause or Stop.")]
    public Withdrawal OnLabelRemoved { get; set; } = Withdrawal.Stop;

    /// <summary>When the ticket is taken from the bot. Default is <c>Pause</c>.</summary>
    [EnumDataType(typeof(Withdrawal), ErrorMessage = "Squad__Withdrawal__OnUnassigned must be Continue, Pause or Stop.")]
    public Withdrawal OnUnassigned { get; set; } = Withdrawal.Pause;
}
