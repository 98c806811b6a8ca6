using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace AgentSquad.JiraSandbox.Text;

/// <summary>Formatted text as it was last written: an ADF document (REST v3) or wiki markup (REST v2). The other form is derived.</summary>
internal sealed class RichText
{
    /// <summary>The document, when it was written as ADF.</summary>
    public JsonObject? Adf { get; set; }

    /// <summary>The markup, when it was written as wiki markup.</summary>
    public string? Wiki { get; set; }

    /// <summary>Text written as ADF; the document is copied.</summary>
    public static RichText FromAdf(JsonObject adf) => new() { Adf = (JsonObject)adf.DeepClone() };

    /// <summary>Text written as wiki markup.</summary>
    public static RichText FromWiki(string wiki) => new() { Wiki = wiki };

    /// <summary>The text as an ADF document of the caller's own.</summary>
    public JsonObject ToAdf() => Adf is not null ? (JsonObject)Adf.DeepClone() : WikiReader.Read(Wiki ?? "");

    /// <summary>The text as wiki markup.</summary>
    public string ToWiki() => Wiki ?? (Adf is null ? "" : WikiWriter.Write(Adf));

    /// <summary>What a reader sees, without formatting.</summary>
    [JsonIgnore]
    public string Plain => AdfText.Plain(Adf ?? ToAdf());
}
