namespace AgentSquad.Core.Voice;

/// <summary>How much the squad says on a ticket.</summary>
public enum Verbosity
{
    /// <summary>The status comment counts tasks instead of listing them; the delivery names no task outputs.</summary>
    Quiet,

    /// <summary>The default.</summary>
    Normal,
}
