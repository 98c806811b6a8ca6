namespace AgentSquad.Cli.Output;

/// <summary>Shows how a longer command gets on.</summary>
internal interface IProgressView
{
    /// <summary>What is being done now; replaces what was shown before.</summary>
    /// <param name="doing">One line, plain text.</param>
    void Now(string doing);

    /// <summary>Something that is done and stays on the screen.</summary>
    /// <param name="done">One line, plain text.</param>
    void Done(string done);
}
