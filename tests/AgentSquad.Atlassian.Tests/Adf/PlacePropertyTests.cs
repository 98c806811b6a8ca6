using System.Text.Json;
using System.Text.Json.Nodes;
using AgentSquad.Atlassian.Adf;
using AgentSquad.Atlassian.Wiki;
using CsCheck;

namespace AgentSquad.Atlassian.Tests.Adf;

/// <summary>Any text, in any place that text can have, is read back in that place and nowhere else: nothing breaks out of where it was written.</summary>
public sealed class PlacePropertyTests
{
    private const string Target = "https://x.example/there";

    private static readonly Gen<(AdfNode Document, string Text)> Placed = Gen.Select(AdfGenerators.Text, Gen.Int[0, 11], (text, place) =>
        (new AdfNode("doc", Place(place, text), new AdfNode("paragraph", AdfNode.OfText("after"))), text));

    [Fact]
    public void Markdown_AnyTextInAnyPlace_StaysThere() => Placed.Sample(
        placed => AssertSame(placed.Document, AdfMarkdown.Read(AdfMarkdown.ToMarkdown(placed.Document)), AdfMarkdown.ToMarkdown(placed.Document)), iter: 400);

    [Fact]
    public void WikiMarkup_AnyTextInAnyPlace_StaysThere() => Placed.Sample(
        placed => AssertSame(placed.Document, WikiReader.Read(WikiWriter.Write(placed.Document)), WikiWriter.Write(placed.Document)), iter: 400);

    private static AdfNode Place(int place, string text)
    {
        AdfNode Line(params AdfMark[] marks) => new("paragraph", AdfNode.OfText(text, marks));
        AdfNode Item(AdfNode content) => new("listItem", content);
        AdfNode Other() => new("paragraph", AdfNode.OfText("other"));
        return place switch
        {
            0 => new AdfNode("heading", AdfNode.OfText(text)) { Attributes = new JsonObject { ["level"] = 2 } },
            1 => new AdfNode("bulletList", Item(Line()), Item(Other())),
            2 => new AdfNode("orderedList", new AdfNode("listItem", Other(), new AdfNode("orderedList", Item(Line()))), Item(Other())),
            3 => new AdfNode("table", Row("tableHeader", Line(), Other()), Row("tableCell", Other(), Other())),
            4 => new AdfNode("table", Row("tableHeader", Other(), Other()), Row("tableCell", Line(), Other())),
            5 => new AdfNode("blockquote", Line()),
            6 => new AdfNode("panel", Line()) { Attributes = new JsonObject { ["panelType"] = "warning" } },
            7 => new AdfNode("expand", Line()) { Attributes = new JsonObject { ["title"] = "More" } },
            8 => new AdfNode("taskList", new AdfNode("taskItem", AdfNode.OfText(text)) { Attributes = new JsonObject { ["localId"] = "x", ["state"] = "DONE" } })
            {
                Attributes = new JsonObject { ["localId"] = "x" },
            },
            9 => Line(new AdfMark("link", new JsonObject { ["href"] = Target })),
            10 => new AdfNode("paragraph", AdfNode.OfText("before"), AdfNode.OfText(text, new AdfMark("strong"))),
            _ => new AdfNode("codeBlock", AdfNode.OfText(LineEnds.Normal(text))),
        };
    }

    private static AdfNode Row(string type, params AdfNode[] cells) => new("tableRow", cells.Select(cell => new AdfNode(type, cell)));

    private static void AssertSame(AdfNode expected, AdfNode actual, string written) =>
        Assert.True(Show(expected) == Show(actual), $"{Show(expected)}\n{Show(actual)}\n{JsonSerializer.Serialize(written)}");

    // Blocks by their type; what stands in a line by its text and by what is linked.
    private static string Show(AdfNode node) => node.Content.Exists(child => child.Text is not null) || node.Content.Count == 0
        ? $"{node.Type} {JsonSerializer.Serialize(node.PlainText())}{(IsLinked(node) ? " linked" : "")}"
        : $"{node.Type}({string.Join(", ", node.Content.Select(Show))})";

    private static bool IsLinked(AdfNode node) => node.Content.Exists(child => child.Marks.Exists(mark => mark.Href == Target));
}
