namespace AgentSquad.Atlassian.Adf;

/// <summary>A mark in the two forms that Markdown has for it: its own signs, which need the edge of a word, and an HTML tag.</summary>
/// <param name="Type">The mark's type.</param>
/// <param name="Sign">Markdown's sign; null when there is only the tag.</param>
/// <param name="Tag">Name of the tag; null for links.</param>
/// <param name="Href">Address of a link.</param>
internal sealed record MarkdownMark(string Type, string? Sign, string? Tag, string? Href = null)
{
    private static readonly string[] Ranks = ["link", "strong", "em", "strike", "underline", "subsup"];

    /// <summary>Where a mark stands among others, from the outside in.</summary>
    public static int Rank(string type) => Array.IndexOf(Ranks, type) is >= 0 and var rank ? rank : Ranks.Length;

    /// <summary>How many ranks there are; code is not among them, because nothing inside it is markup.</summary>
    public static int Count => Ranks.Length;

    /// <summary>The mark type of a rank.</summary>
    public static string TypeAt(int rank) => Ranks[rank];

    /// <summary>Tells an opening sign's closing one; not part of what the mark says.</summary>
    public object? Pair { get; init; }

    public static MarkdownMark? Of(AdfMark? mark) => mark?.Type switch
    {
        "link" => AdfLinks.IsAllowed(mark.Href) ? new MarkdownMark("link", "[", null, mark.Href) : null,
        "strong" => new MarkdownMark("strong", "**", "strong"),
        "em" => new MarkdownMark("em", "_", "em"),
        "strike" => new MarkdownMark("strike", "~~", "s"),
        "underline" => new MarkdownMark("underline", null, "u"),
        "subsup" => new MarkdownMark("subsup", null, mark.Attributes?["type"]?.ToString() == "sup" ? "sup" : "sub"),
        _ => null,
    };

    /// <summary>The mark that a tag stands for; null when the tag is none of ours.</summary>
    public static AdfMark? OfTag(string tag) => tag switch
    {
        "strong" or "b" => new AdfMark("strong"),
        "em" or "i" => new AdfMark("em"),
        "s" or "del" => new AdfMark("strike"),
        "u" or "ins" => new AdfMark("underline"),
        "sub" or "sup" => new AdfMark("subsup", new() { ["type"] = tag }),
        "code" or "kbd" => new AdfMark("code"),
        _ => null,
    };

    public string Delimiter(bool opens, bool asHtml)
    {
        if (Href is not null) return opens ? "[" : $"]({AdfLinks.Destination(Href)})";
        return asHtml ? (opens ? $"<{Tag}>" : $"</{Tag}>") : Sign!;
    }

    public bool IsAutolink(List<MarkdownInlineWriter.Segment> group) =>
        Href is not null && group is [{ IsText: true, Marks.Count: 1 } only] && only.Text == Href && AdfLinks.IsAutolink(Href);

    public bool Equals(MarkdownMark? other) => other is not null && (Type, Tag, Href) == (other.Type, other.Tag, other.Href);

    public override int GetHashCode() => HashCode.Combine(Type, Tag, Href);
}
