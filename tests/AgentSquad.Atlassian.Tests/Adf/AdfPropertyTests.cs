using System.Text.Json;
using System.Text.Json.Nodes;
using AgentSquad.Atlassian.Adf;
using CsCheck;

namespace AgentSquad.Atlassian.Tests.Adf;

public sealed class AdfPropertyTests
{
    [Fact]
    public void RoundTrip_AnyTextInAParagraph_SurvivesAsTextOnly() => AdfGenerators.Text.Sample(
        text => Assert.Equal(text, RoundTrip(Paragraph(text)).PlainText()));

    [Fact]
    public void RoundTrip_AnyTextInAParagraph_StaysOneParagraphOfText() => AdfGenerators.Text.Sample(
        text =>
        {
            var paragraph = Assert.Single(RoundTrip(Paragraph(text)).Content);
            Assert.Equal("paragraph", paragraph.Type);
            Assert.All(paragraph.Content, node => Assert.Equal("text", node.Type));
            Assert.All(paragraph.Content.SelectMany(node => node.Marks), mark => Assert.Equal("link", mark.Type));
        });

    [Fact]
    public void RoundTrip_AnyDocument_KeepsMeaning() => AdfGenerators.Document.Sample(
        document =>
        {
            var once = RoundTrip(document);
            AssertSame(document, once);
        });

    [Fact]
    public void FromMarkdown_AnyText_GivesADocumentThatReadsTheSameAgain() => AdfGenerators.Markdown.Sample(
        markdown =>
        {
            var once = AdfMarkdown.Read(markdown);
            AssertSame(once, RoundTrip(once));
        });

    [Fact]
    public void FromMarkdown_AnyText_KeepsEveryWord() => AdfGenerators.Markdown.Sample(
        markdown =>
        {
            var all = AdfMarkdown.FromMarkdown(markdown).ToJsonString(AdfNode.Unescaped);
            Assert.All(AdfGenerators.WordsIn(markdown), word => Assert.True(all.Contains(word, StringComparison.Ordinal), $"{word} not in {all}"));
        });

    [Fact]
    public void ToMarkdown_AnyJson_NeverThrows() => AdfGenerators.AnyJson.Sample(
        json =>
        {
            using var document = JsonDocument.Parse(json);
            var markdown = AdfMarkdown.ToMarkdown(document.RootElement);
            Assert.NotNull(AdfMarkdown.FromMarkdown(markdown));
            Assert.NotNull(AdfMarkdown.Rewrite(document.RootElement, markdown));
        });

    [Fact]
    public void ToMarkdown_DeeplyNestedJson_KeepsTheText()
    {
        var json = string.Concat(Enumerable.Repeat("{\"type\":\"blockquote\",\"content\":[", 120)) + "{\"type\":\"text\",\"text\":\"bottom\"}"
            + string.Concat(Enumerable.Repeat("]}", 120));
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 512 });

        Assert.Contains("bottom", AdfMarkdown.ToMarkdown(document.RootElement), StringComparison.Ordinal);
    }

    [Fact]
    public void FromMarkdown_NestedWithoutEnd_StillGivesItsText()
    {
        var markdown = new string('>', 5_000) + " bottom";

        Assert.Contains("bottom", AdfMarkdown.FromMarkdown(markdown).ToJsonString(), StringComparison.Ordinal);
    }

    private static void AssertSame(AdfNode expected, AdfNode actual)
    {
        var (one, other) = (Show(expected), Show(actual));
        if (one == other) return;
        var at = Math.Max(0, one.Zip(other).TakeWhile(pair => pair.First == pair.Second).Count() - 150);
        Assert.Fail($"{one[at..Math.Min(one.Length, at + 400)]}\n\n{other[at..Math.Min(other.Length, at + 400)]}\n\n{AdfMarkdown.ToMarkdown(expected)}");
    }

    private static AdfNode Paragraph(string text) => new("doc", new AdfNode("paragraph", AdfNode.OfText(text)));

    private static AdfNode RoundTrip(AdfNode document) => AdfMarkdown.Read(AdfMarkdown.ToMarkdown(document));

    private static string Show(AdfNode document)
    {
        var json = document.ToJson();
        DropTaskIds(json);
        return json.ToJsonString(AdfNode.Unescaped);
    }

    private static void DropTaskIds(JsonNode? node)
    {
        if (node is JsonObject present)
        {
            (present["attrs"] as JsonObject)?.Remove("localId");
            foreach (var (_, value) in present) DropTaskIds(value);
        }
        else if (node is JsonArray array)
        {
            foreach (var item in array) DropTaskIds(item);
        }
    }
}
