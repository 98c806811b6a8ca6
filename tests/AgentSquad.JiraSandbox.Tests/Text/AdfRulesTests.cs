using System.Text.Json.Nodes;
using AgentSquad.JiraSandbox.Text;
using AgentSquad.JiraSandbox.Tests.Support;

namespace AgentSquad.JiraSandbox.Tests.Text;

public sealed class AdfRulesTests
{
    [Fact]
    public void Check_OrdinaryDocument_IsFine() => Assert.Null(AdfRules.Check(Adf.Doc("one", "two")));

    [Theory]
    [InlineData("""{"type":"doc","content":[]}""", "version")]
    [InlineData("""{"type":"paragraph","version":1,"content":[]}""", "root")]
    [InlineData("""{"type":"doc","version":1}""", "content")]
    [InlineData("""{"type":"doc","version":1,"content":[{"type":"text","text":"x"}]}""", "text inside doc")]
    [InlineData("""{"type":"doc","version":1,"content":[{"type":"paragraph","content":[{"type":"text","text":""}]}]}""", "without text")]
    [InlineData("""{"type":"doc","version":1,"content":[{"type":"bulletList","content":[]}]}""", "without content")]
    [InlineData("""{"type":"doc","version":1,"content":[{"type":"bulletList","content":[{"type":"paragraph"}]}]}""", "inside bulletList")]
    [InlineData("""{"type":"doc","version":1,"content":[{"type":"heading","attrs":{"level":7}}]}""", "level")]
    [InlineData("""{"type":"doc","version":1,"content":[{"type":"panel","content":[{"type":"paragraph"}]}]}""", "panelType")]
    [InlineData("""{"type":"doc","version":1,"content":[{"type":"blockquote","content":[{"type":"heading","attrs":{"level":1}}]}]}""", "inside blockquote")]
    [InlineData("""{"type":"doc","version":1,"content":[{"type":"paragraph","content":[{"type":"text","text":"x","marks":[{"type":"code"},{"type":"strong"}]}]}]}""", "code")]
    [InlineData("""{"type":"doc","version":1,"content":[{"type":"paragraph","content":[{"type":"text","text":"x","marks":[{"type":"bold"}]}]}]}""", "mark")]
    [InlineData("""{"type":"doc","version":1,"content":[{"type":"invented"}]}""", "invented")]
    [InlineData("\"text\"", "object")]
    public void Check_WrongDocument_SaysWhat(string document, string expected) =>
        Assert.Contains(expected, AdfRules.Check(JsonNode.Parse(document)), StringComparison.Ordinal);
}
