using System.Text.Json;
using AgentSquad.Atlassian.Adf;
using AgentSquad.Atlassian.Tests.Adf;
using AgentSquad.Atlassian.Wiki;
using CsCheck;

namespace AgentSquad.Atlassian.Tests.Wiki;

public sealed class WikiMarkupTests
{
    [Theory]
    [InlineData("h2. Steps\n\n# open\n## click\n# close", "## Steps\n\n1. open\n\n   1. click\n2. close")]
    [InlineData("*Creating Quick Filters*\n\nYou can (select *Board > Configure*)", "**Creating Quick Filters**\n\nYou can (select **Board > Configure**)")]
    [InlineData("_Issue created from a [message in Mattermost|https://x.example/pl/u7z]_.", "<em>Issue created from a </em>[_message in Mattermost_](https://x.example/pl/u7z).")]
    [InlineData("{code:java}\nint x = a[0] * b;\n{code}", "```java\nint x = a[0] * b;\n```")]
    [InlineData("{noformat}*raw*{noformat}", "```\n*raw*\n```")]
    [InlineData("{quote}\nsaid *so*\n{quote}", "> said **so**")]
    [InlineData("bq. said", "> said")]
    [InlineData("||a||b||\n|1|[see|https://x.example]|", "| a | b |\n| --- | --- |\n| 1 | [see](https://x.example) |")]
    [InlineData("ask [~rita] or [~accountid:557058:ab]", "ask [@rita](accountid:rita) or [@557058:ab](accountid:557058%3Aab)")]
    [InlineData("one\\\\two", "one\\\ntwo")]
    [InlineData("well-known snake_case 2*3*4 -gone- a - b {{x_y}}", "well-known snake_case 2\\*3\\*4 ~~gone~~ a - b `x_y`")]
    [InlineData("{color:red}hot{color} H{~}2{~}O", "hot H<sub>2</sub>O")]
    [InlineData("{panel:title=Warning}\ncareful\n{panel}", "> [!WARNING]\n> careful")]
    [InlineData("see https://x.example/a_b_c, ok", "see <https://x.example/a_b_c>, ok")]
    [InlineData("{quote}\nnever closed", "{quote}\n\nnever closed")]
    public void ToMarkdown_WikiMarkup_SaysTheSame(string wiki, string markdown) => Assert.Equal(markdown, WikiMarkup.ToMarkdown(wiki));

    [Fact]
    public void FromMarkdown_EveryConstruct_IsWikiMarkup()
    {
        const string markdown = """
            # Title

            A **bold** _word_, `code`, [link](https://x.example) and [@Rita](accountid:rita).

            - one
              - two
            - [not a link]

            * [x] done

            ```sql
            select 1
            ```

            > [!NOTE]
            > mind {this}

            | a | b |
            | --- | --- |
            | 1 \| 2 | |
            """;

        Assert.Equal(
            """
            h1. Title

            A {*}bold{*} {_}word{_}, {{code}}, [link|https://x.example] and [~rita].

            * one
            ** two
            * \[not a link\]

            * ☑ done

            {code:sql}
            select 1
            {code}

            {panel:title=Note}
            mind \{this\}
            {panel}

            ||a||b||
            |1 \| 2| |
            """.ReplaceLineEndings("\n"),
            WikiMarkup.FromMarkdown(markdown));
    }

    [Fact]
    public void Rewrite_AttachmentInTheText_IsKept()
    {
        var markdown = WikiMarkup.ToMarkdown("before !screen shot.png|thumbnail! after");

        Assert.Matches(@"before !\[screen shot\.png\]\(adf:[0-9a-f]{12}\) after", markdown);
        Assert.Equal("new !screen shot.png|thumbnail!", WikiMarkup.Rewrite("before !screen shot.png|thumbnail! after", markdown.Replace("before", "new", StringComparison.Ordinal).Replace(" after", "", StringComparison.Ordinal)));
        Assert.Contains("!screen shot.png|thumbnail!", WikiMarkup.Rewrite("before !screen shot.png|thumbnail! after", "all new"), StringComparison.Ordinal);
    }

    [Fact]
    public void RoundTrip_AnyTextInAParagraph_SurvivesAsText() => AdfGenerators.Text.Sample(text =>
    {
        var document = new AdfNode("doc", new AdfNode("paragraph", AdfNode.OfText(text)));
        var wiki = WikiWriter.Write(document);
        Assert.True(text == WikiReader.Read(wiki).PlainText(), $"{JsonSerializer.Serialize(text)}\n{JsonSerializer.Serialize(wiki)}\n{JsonSerializer.Serialize(WikiReader.Read(wiki).PlainText())}");
    });

    [Fact]
    public void ToMarkdown_AnyText_NeverThrows() => AdfGenerators.WikiText.Sample(wiki =>
    {
        Assert.NotNull(WikiMarkup.ToMarkdown(wiki));
        Assert.NotNull(WikiMarkup.Rewrite(wiki, wiki));
    });
}
