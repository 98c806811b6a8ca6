using System.ComponentModel.DataAnnotations;

namespace AgentSquad.Functions.Configuration;

/// <summary>Questions between roles.</summary>
public sealed class RoleQuestionOptions
{
    /// <summary>How long a role may take to answer before the next one is asked. Default is 5 minutes; one second to one day.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00", ErrorMessage = "Squad__Questions__AnswerWithin must be a time span from 00:00:01 to 1.00:00:00; 00:05:00 is the default.")]
    public TimeSpan AnswerWithin { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How many questions of one task are asked of roles before a person is. Default is 5; 0 to 20.</summary>
    [Range(0, 20, ErrorMessage = "Squad__Questions__MostPerTask must be a whole number from 0 to 20; 5 is the default.")]
    public int MostPerTask { get; set; } = 5;
}

/// <summary>Sub-tasks on the board, one for each task of a plan.</summary>
public sealed class SubTaskOptions
{
    /// <summary>Whether they are created. Their status follows the work, with the names of <see cref="SquadOptions.StatusNames"/>. Default is false.</summary>
    public bool Enabled { get; set; }

    /// <summary>Name of the issue type. Default is <c>Sub-task</c>.</summary>
    [Required(ErrorMessage = "Squad__SubTasks__IssueType must name an issue type for sub-tasks; Sub-task is the default.")]
    public string IssueType { get; set; } = "Sub-task";
}

/// <summary>Where the clarified specification is written.</summary>
public enum SpecificationTarget
{
    /// <summary>Nowhere.</summary>
    None,

    /// <summary>A file on the ticket, <c>specification-HASH.md</c>.</summary>
    Attachment,

    /// <summary>A section at the end of the ticket's description, replaced in place.</summary>
    Description,
}

/// <summary>What a delivery consists of besides its comment.</summary>
public sealed class DeliveryOptions
{
    /// <summary>
    /// Whether the tasks' outputs are attached to the ticket. Default is true; otherwise, and where attaching is not possible, the comment
    /// carries them.
    /// </summary>
    public bool Attachments { get; set; } = true;

    /// <summary>
    /// Whether a ticket with a security level gets a Confluence page too, which everyone who can read the space can read. Default is false. Pages
    /// are written where <c>Confluence__SpaceKey</c> names a space.
    /// </summary>
    public bool PageForRestrictedTickets { get; set; }
}

/// <summary>What customers of a service desk see of the squad; everything else is an internal note. Other projects have no customers.</summary>
public enum CustomerView
{
    /// <summary>Nothing: every comment is an internal note, and agents pass questions on.</summary>
    Nothing,

    /// <summary>Questions to the reporter and reminders of them.</summary>
    Questions,
}
