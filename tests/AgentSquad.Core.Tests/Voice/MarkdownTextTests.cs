using System.Text;
using AgentSquad.Core.Voice;
using CsCheck;
using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using MarkdownDocument = AgentSquad.Core.Voice.MarkdownDocument;

namespace AgentSquad.Core.Tests.Voice;

public sealed class MarkdownTextTests
{
    // Footnotes are left out: they move to the end of a document by design.
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .UseEmphasisExtras().UsePipeTables().UseGridTables().UseTaskLists().UseGenericAttributes().UseMathematics()
        .UseDefinitionLists().UseCustomContainers().UseAlertBlocks().UseAbbreviations().Build();

    /// <summary>Text made of the pieces that Markdown gives a meaning to, and any other text.</summary>
    internal static Gen<string> Hostile { get; } = Gen.OneOf(
        OneOf(
            "# h", "\n\n", "```", "~~~", "- [ ] x", "> q", "[a](http://x)", "![i](x)", "<script>", "<!--", "*", "**", "_", "__", "`", "``", "|",
            "---", "===", "1. a", "2) b", "+ c", "\\", "&amp;", "&#35;", "[^1]", "[x]: y", ":::", "{#id}", "$x$", "~~s~~", "^up^", "\r", "\t", "\u202E", "\0",
            "\uD800", "a", " ", "http://x.y", "[@Rita](accountid:1)", "\u2028", "[~accountid:1]", "*[abbr]: x"),
        Gen.String).Array[0, 12].Select(string.Concat);

    [Fact]
    public void Inline_HostileText_StaysOneRunOfPlainTextInItsPlace() => Hostile.Sample(text =>
    {
        var inline = MarkdownText.Inline(text, 200);
        var document = Markdown.Parse($"first\n\n- **x** {inline}\n- second", Pipeline);
        Assert.Equal(2, document.Count);
        var list = Assert.IsType<ListBlock>(document[1]);
        Assert.Equal(2, list.Count);
        var paragraph = Assert.IsType<ParagraphBlock>(Assert.Single(Assert.IsType<ListItemBlock>(list[0])));
        Assert.All(paragraph.Inline!.Skip(1), part => Assert.True(part is LiteralInline or HtmlEntityInline, part.GetType().Name));
        Assert.Equal(MarkdownText.OneLine(text, 200), Plain(paragraph).TrimStart('x').Trim());
    });

    [Fact]
    public void Inline_HostileTextAtTheStartOfAnItem_OpensNoBlock() => Hostile.Sample(text =>
    {
        var inline = MarkdownText.Inline(text);
        var document = Markdown.Parse($"- {(inline.Length == 0 ? "x" : inline)}\n\nend", Pipeline);
        Assert.Equal(2, document.Count);
        Assert.IsType<ParagraphBlock>(Assert.Single(Assert.IsType<ListItemBlock>(Assert.Single(Assert.IsType<ListBlock>(document[0])))));
        Assert.Equal("end", Plain(Assert.IsType<ParagraphBlock>(document[1])));
    });

    [Fact]
    public void Fence_HostileText_StaysInItsBlock() => Hostile.Sample(text =>
    {
        var document = Markdown.Parse($"before\n\n{MarkdownText.Fence(text)}\n\nafter", Pipeline);
        Assert.Equal(3, document.Count);
        Assert.IsType<FencedCodeBlock>(document[1]);
    });

    [Fact]
    public void Nest_HostileDocument_LeavesWhatFollowsAlone() => Hostile.Array[1, 6].Select(parts => string.Join('\n', parts)).Sample(text =>
    {
        var document = Markdown.Parse($"# ours\n\n{MarkdownDocument.Nest(text, below: 1, 400)}\n\n# also ours", Pipeline);
        var headings = document.OfType<HeadingBlock>().Where(heading => heading.Level == 1 && !heading.IsSetext).ToList();
        Assert.Equal("also ours", Plain(headings[^1]));
        Assert.Same(document[^1], headings[^1]);
    });

    [Theory]
    [InlineData("1. x", @"1\. x")]
    [InlineData("- x", @"\- x")]
    [InlineData("a - b", "a - b")]
    [InlineData("version 1.2", "version 1.2")]
    [InlineData("  a \r\n b  ", "a b")]
    [InlineData("user_id", @"user\_id")]
    [InlineData(null, "")]
    public void Inline_KnownText_AsExpected(string? text, string expected) => Assert.Equal(expected, MarkdownText.Inline(text));

    [Fact]
    public void Inline_LongText_IsCutBetweenCharacters()
    {
        Assert.Equal("abc…", MarkdownText.Inline("abcdef", 3));
        Assert.Equal("ab…", MarkdownText.Inline("ab😀", 3));
    }

    [Fact]
    public void Nest_HeadingsFencesAndLength_AreHeld()
    {
        var nested = MarkdownDocument.Nest("# a\n```\n# code\nx\n" + new string('y', 100), below: 2, 30);
        Assert.StartsWith("### a\n```\n# code\nx\n```\n\n(cut; ", nested, StringComparison.Ordinal);
    }

    private static Gen<string> OneOf(params string[] pieces) => Gen.Int[0, pieces.Length - 1].Select(i => pieces[i]);

    private static string Plain(LeafBlock block)
    {
        var text = new StringBuilder();
        foreach (var inline in block.Inline!.Descendants())
        {
            text.Append(inline switch
            {
                LiteralInline literal => literal.Content.ToString(),
                HtmlEntityInline entity => entity.Transcoded.ToString(),
                _ => "",
            });
        }

        return text.ToString();
    }
}
