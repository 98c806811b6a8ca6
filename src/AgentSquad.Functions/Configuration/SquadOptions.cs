using System.ComponentModel.DataAnnotations;
using AgentSquad.Core.Policies;
using AgentSquad.Core.Squad;
using AgentSquad.Core.Voice;
using Microsoft.Extensions.Options;

namespace AgentSquad.Functions.Configuration;

/// <summary>How the squad behaves on tickets. Section <c>Squad</c>, such as the environment variable <c>Squad__TriggerLabel</c>.</summary>
public sealed class SquadOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Squad";

    /// <summary>
    /// Label that starts a run when it is newly added or when a ticket is created with it. Empty turns this trigger off. Default is
    /// <c>agentsquad</c>.
    /// </summary>
    [RegularExpression(@"^\S{0,255}$", ErrorMessage = "Squad__TriggerLabel must be one Jira label: at most 255 characters, no spaces.")]
    public string TriggerLabel { get; set; } = "agentsquad";

    /// <summary>
    /// Key in the webhook's address (<c>?key=</c>) for a Data Center that cannot sign; accepted instead of a signature, never beside a wrong
    /// one. At least 32 characters. Empty (default) accepts no key. Secret.
    /// </summary>
    [RegularExpression(@"^(\S{32,200})?$", ErrorMessage = "Squad__WebhookKey must have at least 32 characters and no spaces; leave it empty on Jira Cloud, which signs.")]
    public string WebhookKey { get; set; } = "";

    /// <summary>Names of the statuses that a ticket is moved to.</summary>
    public StatusNameOptions StatusNames { get; set; } = new();

    /// <summary>How often a task is done and reviewed before a person is asked. Default is 3; 1 to 10.</summary>
    [Range(1, 10, ErrorMessage = "Squad__MaxReviewRounds must be a whole number from 1 to 10; 3 is the default.")]
    public int MaxReviewRounds { get; set; } = 3;

    /// <summary>How many tasks of one run are done at the same time. Default is 4; 1 to 32.</summary>
    [Range(1, 32, ErrorMessage = "Squad__MaxParallelTasks must be a whole number from 1 to 32; 4 is the default.")]
    public int MaxParallelTasks { get; set; } = 4;

    /// <summary>How many tasks of one role and run are done at the same time. Default is 2; 1 to 32.</summary>
    [Range(1, 32, ErrorMessage = "Squad__MaxParallelPerRole must be a whole number from 1 to 32; 2 is the default.")]
    public int MaxParallelPerRole { get; set; } = 2;

    /// <summary>
    /// How many tasks of a role are done at the same time in one run, by name of the role, such as <c>Squad__MaxParallelOfRole__Tester=1</c>; other
    /// roles have <see cref="MaxParallelPerRole"/>.
    /// </summary>
    public Dictionary<SquadRole, int> MaxParallelOfRole { get; } = [];

    /// <summary>How many tasks of all runs on the site are done at the same time. 0 (default) sets no limit; at most 1,000.</summary>
    [Range(0, 1000, ErrorMessage = "Squad__MaxParallelPerSite must be a whole number from 0 (no limit, the default) to 1000.")]
    public int MaxParallelPerSite { get; set; }

    /// <summary>Questions between roles.</summary>
    [ValidateObjectMembers]
    public RoleQuestionOptions Questions { get; set; } = new();

    /// <summary>Sub-tasks on the board. Default is none.</summary>
    [ValidateObjectMembers]
    public SubTaskOptions SubTasks { get; set; } = new();

    /// <summary>Where the specification goes that came of the reporter's answers: <c>Attachment</c> (default), <c>Description</c> or <c>None</c>.</summary>
    [EnumDataType(typeof(SpecificationTarget), ErrorMessage = "Squad__Specification must be Attachment, Description or None.")]
    public SpecificationTarget Specification { get; set; } = SpecificationTarget.Attachment;

    /// <summary>What a delivery consists of besides its comment.</summary>
    [ValidateObjectMembers]
    public DeliveryOptions Delivery { get; set; } = new();

    /// <summary>What customers of a service desk see of the squad: <c>Nothing</c> (default) or <c>Questions</c>, which are asked of them.</summary>
    [EnumDataType(typeof(CustomerView), ErrorMessage = "Squad__CustomersSee must be Nothing or Questions.")]
    public CustomerView CustomersSee { get; set; } = CustomerView.Nothing;

    /// <summary>How long a run keeps trying while Jira or an agent does not answer. Default is one day; one minute to 30 days.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00", ErrorMessage = "Squad__OutagePatience must be a time span from 00:01:00 to 30.00:00:00; 1.00:00:00 (one day) is the default.")]
    public TimeSpan OutagePatience { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Shortest time between two edits of a run's status comment while nobody has to act. Default is 15 s; 0 to one hour.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00", ErrorMessage = "Squad__StatusInterval must be a time span from 00:00:00 to 01:00:00; 00:00:15 is the default.")]
    public TimeSpan StatusInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>What else starts a run, and for which tickets. Default is the label alone, for every ticket.</summary>
    public TriggerOptions Triggers { get; set; } = new();

    /// <summary>
    /// Triggers of single projects by project key, such as <c>Squad__Projects__OPS__StartOnCommand=true</c>; a project named here uses its own
    /// triggers instead of <see cref="Triggers"/>.
    /// </summary>
    public Dictionary<string, TriggerOptions> Projects { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>When a plan needs a person's decision. Default is never.</summary>
    [ValidateObjectMembers]
    public ApprovalOptions Approval { get; set; } = new();

    /// <summary>Who may start, stop, pause, resume, retry and extend. Default is the reporter or the assignee.</summary>
    public RightOptions Control { get; set; } = new();

    /// <summary>Whether <c>approve</c> may be given over HTTP. Default is false.</summary>
    public bool OperatorsMayApprove { get; set; }

    /// <summary>How long the squad waits for people, and what it does meanwhile.</summary>
    [ValidateObjectMembers]
    public WaitOptions Waiting { get; set; } = new();

    /// <summary>What a run does when people take the ticket away from it.</summary>
    [ValidateObjectMembers]
    public WithdrawalOptions Withdrawal { get; set; } = new();

    /// <summary>How long ended runs are kept.</summary>
    [ValidateObjectMembers]
    public RetentionOptions Retention { get; set; } = new();

    /// <summary>How often the reporter is asked before the squad gives up. Default is 5; 1 to 20.</summary>
    [Range(1, 20, ErrorMessage = "Squad__MaxClarifications must be a whole number from 1 to 20; 5 is the default.")]
    public int MaxClarifications { get; set; } = 5;

    /// <summary>How much the squad says on a ticket: <c>Normal</c> (default) or <c>Quiet</c>.</summary>
    [EnumDataType(typeof(Verbosity), ErrorMessage = "Squad__Verbosity must be Normal or Quiet.")]
    public Verbosity Verbosity { get; set; } = Verbosity.Normal;
}

/// <summary>Names of the statuses that a ticket is moved to when a stage begins. An empty name means no transition at that stage.</summary>
public sealed class StatusNameOptions
{
    /// <summary>Status while the squad works. Default is <c>In Progress</c>.</summary>
    public string Work { get; set; } = "In Progress";

    /// <summary>Status while the result is verified. Default is <c>In Review</c>.</summary>
    public string Verify { get; set; } = "In Review";

    /// <summary>Status of a delivered ticket. Default is <c>Done</c>.</summary>
    public string Deliver { get; set; } = "Done";
}
