namespace AgentSquad.Core.Voice;

/// <summary>Kinds of the app's own comments, as the comment property and the tools name them.</summary>
public static class CommentKinds
{
    /// <summary>The one comment per run that is edited in place.</summary>
    public const string Status = "status";

    /// <summary>Questions to people.</summary>
    public const string Question = "question";

    /// <summary>A plan that waits for a decision.</summary>
    public const string Approval = "approval";

    /// <summary>Someone is still waited for.</summary>
    public const string Reminder = "reminder";

    /// <summary>The result.</summary>
    public const string Delivery = "delivery";

    /// <summary>The run ended with a failure.</summary>
    public const string Failure = "failure";

    /// <summary>The answer to a command.</summary>
    public const string Reply = "reply";
}
