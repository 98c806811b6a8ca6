namespace AgentSquad.Cli;

/// <summary>A failure that the person at the terminal can mend: its message is one line with the cause and the fix.</summary>
public sealed class CliException : Exception
{
    /// <summary>A failure without words; use the other constructors.</summary>
    public CliException()
    {
    }

    /// <summary>A failure with its cause and fix.</summary>
    /// <param name="message">One line.</param>
    public CliException(string message)
        : base(message)
    {
    }

    /// <summary>A failure with its cause and fix.</summary>
    /// <param name="message">One line.</param>
    /// <param name="innerException">What was caught.</param>
    public CliException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
