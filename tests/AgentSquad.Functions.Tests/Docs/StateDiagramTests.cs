using AgentSquad.Core.Squad;
using AgentSquad.TestSupport;

namespace AgentSquad.Functions.Tests.Docs;

public sealed class StateDiagramTests
{
    [Fact]
    public void RunPage_Diagram_IsTheStateMachineOfTheCode()
    {
        var page = File.ReadAllText(Path.Combine(RepositoryPaths.Root, "docs", "run.md")).ReplaceLineEndings("\n");

        Assert.Contains("```mermaid\n" + StageFlow.ToMermaid() + "```", page, StringComparison.Ordinal);
    }
}
