namespace AgentSquad.Core.Commands;

/// <summary>What the first line of a comment says to the squad: a command, a failed try at one, or nothing (both values null).</summary>
public sealed record CommandParse
{
    private CommandParse(SquadCommand? command, string? error)
    {
        Command = command;
        Error = error;
    }

    /// <summary>The comment is not addressed to the squad.</summary>
    public static CommandParse None { get; } = new(null, null);

    /// <summary>The command; null when there is none or it is wrong.</summary>
    public SquadCommand? Command { get; }

    /// <summary>
    /// What is wrong with a comment that starts as a command does, and what would be right: one or two sentences fit for a reply, with at
    /// most a short quotation of the text. Null otherwise.
    /// </summary>
    public string? Error { get; }

    /// <summary>A command was found.</summary>
    internal static CommandParse Found(SquadCommand command) => new(command, null);

    /// <summary>The comment tries to be a command.</summary>
    internal static CommandParse Wrong(string error) => new(null, error);
}
