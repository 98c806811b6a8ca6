using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace AgentSquad.JiraSandbox.Pages;

/// <summary>Finished HTML. The only way to make it from text is interpolation, and that encodes every hole.</summary>
internal readonly record struct Html
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private readonly string? _value;

    private Html(string value) => _value = value;

    /// <summary>Nothing.</summary>
    public static Html Empty => default;

    /// <summary>HTML from an interpolated string: what stands in the code is markup, what stands in the holes is text.</summary>
    public static Html Of(Builder builder) => new(builder.ToString());

    /// <summary>Text, encoded.</summary>
    public static Html Text(string? text) => new(Encode(text));

    /// <summary>Pieces one after the other.</summary>
    public static Html Join(IEnumerable<Html> pieces) => new(string.Concat(pieces.Select(piece => piece._value)));

    /// <summary>HTML when the condition holds, else nothing.</summary>
    public static Html If(bool condition, Func<Html> html) => condition ? html() : Empty;

    /// <inheritdoc/>
    public override string ToString() => _value ?? "";

    private static string Encode(string? text) => text is null ? "" : Encoder.Encode(text);

    /// <summary>Collects an interpolated string.</summary>
    [InterpolatedStringHandler]
    internal readonly ref struct Builder(int literalLength, int formattedCount)
    {
        private readonly StringBuilder _text = new(literalLength + (formattedCount * 16));

        /// <summary>Markup of the source code.</summary>
        public void AppendLiteral(string value) => _text.Append(value);

        /// <summary>Text; encoded.</summary>
        public void AppendFormatted(string? value) => _text.Append(Encode(value));

        /// <summary>A number.</summary>
        public void AppendFormatted(int value) => _text.Append(value);

        /// <summary>HTML, as it is.</summary>
        public void AppendFormatted(Html value) => _text.Append(value._value);

        /// <summary>HTML pieces, as they are.</summary>
        public void AppendFormatted(IEnumerable<Html> value)
        {
            foreach (var piece in value) _text.Append(piece._value);
        }

        /// <inheritdoc/>
        public override string ToString() => _text.ToString();
    }
}
