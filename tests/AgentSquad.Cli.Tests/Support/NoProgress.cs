using AgentSquad.Cli.Output;

namespace AgentSquad.Cli.Tests.Support;

/// <summary>Nobody watches.</summary>
internal sealed class NoProgress : IProgressView
{
    public void Now(string doing) { }

    public void Done(string done) { }
}
