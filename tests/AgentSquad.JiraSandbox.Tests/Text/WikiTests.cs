using System.Text.Json.Nodes;
using AgentSquad.JiraSandbox.Text;
using CsCheck;

namespace AgentSquad.JiraSandbox.Tests.Text;

public sealed class WikiTests
{
    [Theory]
    [InlineData("plain text")]
    [InlineData("h2. Title\n\ntext")]
    [InlineData("* one\n* two\n** deeper\n* three")]
    [InlineData("# one\n# two")]
    [InlineData("*bold* and _italic_ and {{code}}")]
    [InlineData("see [the plan|https://example.invalid/plan] now")]
    [InlineData("{code:java}\nint x = 1;\n{code}")]
    [InlineData("||A||B||\n|1|2|")]
    [InlineData("{quote}said{quote}")]
    [InlineData("[~accountid:sandbox-rita] please")]
    [InlineData("first line\nsecond line")]
    public void ReadThenWrite_KnownMarkup_IsTheSame(string wiki) => Assert.Equal(wiki, WikiWriter.Write(WikiReader.Read(wiki)));

    [Theory]
    [InlineData("a&#92;b", "a\\b")]
    [InlineData("{{a&#92;b}}", "a\\b")]
    [InlineData("&#38;#65;", "&#65;")]
    [InlineData("&#0; &#99999999; &amp;", "&#0; &#99999999; &amp;")]
    public void Read_CharacterByItsNumber_IsTheCharacter(string wiki, string text) => Assert.Equal(text, AdfText.Plain(WikiReader.Read(wiki)));

    [Fact]
    public void Read_AnyText_IsADocumentThatJiraTakes() =>
        Gen.String[Gen.OneOf(Gen.Char["*_-+{}[]|#hq.\n \\~!:/codequotepanelinfo"], Gen.Char.AlphaNumeric), 0, 60].Sample(
            text => AdfRules.Check(WikiReader.Read(text)) is null, iter: 3_000);

    [Fact]
    public void PlainParagraph_AnyWords_SurvivesAsText() =>
        Gen.String[Gen.OneOf(Gen.Char["{}[]\"<>&'.,;"], Gen.Char.AlphaNumeric), 1, 40].Sample(
            text =>
            {
                var document = JsonNode.Parse("""{"type":"doc","version":1,"content":[{"type":"paragraph","content":[{"type":"text"}]}]}""")!.AsObject();
                document["content"]![0]!["content"]![0]!["text"] = "x " + text;
                return AdfText.Plain(WikiReader.Read(WikiWriter.Write(document))) == ("x " + text).Trim();
            },
            iter: 3_000);
}
