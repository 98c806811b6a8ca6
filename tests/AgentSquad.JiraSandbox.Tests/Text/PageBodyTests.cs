using System.Text.Json.Nodes;
using System.Xml.Linq;
using AgentSquad.JiraSandbox.Confluence;
using AgentSquad.JiraSandbox.Rest;
using AgentSquad.JiraSandbox.Text;
using CsCheck;

namespace AgentSquad.JiraSandbox.Tests.Text;

public sealed class PageBodyTests
{
    [Theory]
    [InlineData("storage", "<p>Hello <strong>you</strong></p><p>there &amp; here</p>", "Hello you\nthere & here")]
    [InlineData("wiki", "h2. Hello\n\n*you*", "Hello\nyou")]
    [InlineData("atlas_doc_format", """{"type":"doc","version":1,"content":[{"type":"paragraph","content":[{"type":"text","text":"Hello"}]}]}""", "Hello")]
    public void Read_AnyRepresentation_ReadsInBothForms(string representation, string value, string plain)
    {
        var body = PageBody.Read(new JsonObject { ["representation"] = representation, ["value"] = value })!;

        var document = JsonNode.Parse(body.ToCloud("atlas_doc_format")["atlas_doc_format"]!["value"]!.GetValue<string>())!.AsObject();
        Assert.Equal(plain, AdfText.Plain(document));
        Assert.Contains("Hello", body.ToCloud("storage")["storage"]!["value"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Empty(body.ToCloud(null));
    }

    [Theory]
    [InlineData("view", "x")]
    [InlineData("atlas_doc_format", "no json")]
    [InlineData("atlas_doc_format", """{"type":"doc","version":1,"content":[{"type":"text"}]}""")]
    public void Read_WhatTheWikiRefuses_IsRefused(string representation, string value) =>
        Assert.Throws<JiraRefusal>(() => PageBody.Read(new JsonObject { ["representation"] = representation, ["value"] = value }));

    [Fact]
    public void Write_AnyMarkup_IsWellFormed() =>
        Gen.String[Gen.OneOf(Gen.Char["*_-+{}[]|#hq.\n \\~!:/codepanel<>&\"']\u0001\ud83d\ude00"], Gen.Char.AlphaNumeric), 0, 60].Sample(
            text => XElement.Parse($"<r xmlns:ac=\"ac\">{StorageWriter.Write(WikiReader.Read(text))}</r>") is not null, iter: 2_000);
}
