using AgentSquad.Core.Commands;

namespace AgentSquad.Core.Voice;

/// <summary>Short answers to commands.</summary>
public static class ReplyComment
{
    /// <summary>The list of commands.</summary>
    public static string Help() => Phrases.Blocks(
        "**What you can say to AgentSquad**",
        Phrases.Lines(Enum.GetValues<CommandKind>().Select(kind => $"- `{Usage(kind)}` {Meaning(kind)}")),
        "A command is the first line of a new comment; edits and quotes do not count.");

    /// <summary>A command that could not be read.</summary>
    /// <param name="error"><see cref="CommandParse.Error"/>.</param>
    public static string Invalid(string error) => error;

    /// <summary>A command that the person may not give.</summary>
    /// <param name="kind">The command.</param>
    /// <param name="why">Why not, one sentence without a full stop, such as <c>only the reporter may approve</c>.</param>
    public static string Forbidden(CommandKind kind, string why) => $"`{Name(kind)}` was not done: {MarkdownText.Inline(why, 300)}.";

    /// <summary>A command that does not fit where the run stands.</summary>
    /// <param name="kind">The command.</param>
    /// <param name="stage">Name of the stage.</param>
    public static string NotNow(CommandKind kind, string stage) =>
        $"`{Name(kind)}` does nothing while the run is in the stage {MarkdownText.Inline(stage, 40)}.";

    /// <summary>An answer that only some may read.</summary>
    public static string Unread() =>
        "This was not read: only some may read it, and what follows from an answer is for everyone who may read the ticket. " +
        "Please answer in a comment without a restriction, or edit the ticket.";

    private static string Name(CommandKind kind) => $"/squad {kind.ToString().ToLowerInvariant()}";

    private static string Usage(CommandKind kind) => kind switch
    {
        CommandKind.Revise => Name(kind) + " <why>",
        CommandKind.Extend => Name(kind) + " <amount>",
        _ => Name(kind),
    };

    private static string Meaning(CommandKind kind) => kind switch
    {
        CommandKind.Start => "starts a run for this ticket",
        CommandKind.Status => "says where the run stands",
        CommandKind.Approve => "lets the plan go to work",
        CommandKind.Revise => "asks for another plan",
        CommandKind.Retry => "continues a failed run from its last good step",
        CommandKind.Pause => "holds the run before its next step",
        CommandKind.Resume => "continues a paused run",
        CommandKind.Stop => "ends the run",
        CommandKind.Extend => "raises the run's budget",
        _ => "shows this list",
    };
}
