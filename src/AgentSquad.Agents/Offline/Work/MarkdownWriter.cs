using System.Globalization;
using System.Text;

namespace AgentSquad.Agents.Offline.Work;

/// <summary>Writes a small Markdown document. Callers escape what comes from elsewhere.</summary>
internal sealed class MarkdownWriter
{
    private readonly StringBuilder _text = new();

    public MarkdownWriter Heading(string text) => Block($"## {text}");

    public MarkdownWriter SubHeading(string text) => Block($"### {text}");

    public MarkdownWriter Paragraph(string text) => text.Length == 0 ? this : Block(text);

    public MarkdownWriter Bullets(params IEnumerable<string> items) => List(items, _ => "- ");

    public MarkdownWriter Numbers(params IEnumerable<string> items) => List(items, i => string.Create(CultureInfo.InvariantCulture, $"{i + 1}. "));

    /// <summary>A heading with its list; nothing when the list is empty.</summary>
    public MarkdownWriter Section(string heading, params IEnumerable<string> items)
    {
        var list = items.ToList();
        return list.Count == 0 ? this : Heading(heading).Bullets(list);
    }

    public override string ToString() => _text.ToString();

    private MarkdownWriter List(IEnumerable<string> items, Func<int, string> marker)
    {
        var lines = items.Where(item => item.Length > 0).Select((item, i) => marker(i) + item).ToList();
        return lines.Count == 0 ? this : Block(string.Join('\n', lines));
    }

    private MarkdownWriter Block(string text)
    {
        if (_text.Length > 0)
        {
            _text.Append("\n\n");
        }

        _text.Append(text);
        return this;
    }
}
