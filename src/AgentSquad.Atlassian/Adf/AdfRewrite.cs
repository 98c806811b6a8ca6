using System.Security.Cryptography;
using System.Text;

namespace AgentSquad.Atlassian.Adf;

/// <summary>Replaces a document's text and keeps its media and extensions, which Markdown can only name.</summary>
internal sealed class AdfRewrite
{
    private readonly Dictionary<string, AdfNode> _kept = new(StringComparer.Ordinal);

    private AdfRewrite() { }

    internal static AdfRewrite None { get; } = new();

    /// <summary>
    /// Reads Markdown that stands for an edited version of a document. Media and extensions that the Markdown still names stay where it names
    /// them; those that it lost are put at the end, so that no rewrite throws away a picture.
    /// </summary>
    /// <param name="original">The document as it is on the site.</param>
    /// <param name="markdown">Its new text.</param>
    public static AdfNode Apply(AdfNode original, string markdown)
    {
        var rewrite = new AdfRewrite();
        rewrite.Collect(original);
        var result = MarkdownReader.Read(markdown, rewrite);
        var used = new HashSet<string>(StringComparer.Ordinal);
        CollectHashes(result, used);
        foreach (var (hash, node) in rewrite._kept)
        {
            if (!used.Contains(hash)) result.Content.Add(AdfRules.AsBlock(node));
        }

        return result;
    }

    /// <summary>The short name by which Markdown refers to a node that it cannot express.</summary>
    internal static string HashOf(AdfNode node) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(node.ToJson().ToJsonString())))[..12];

    /// <summary>The original node of a hash; null when there is none.</summary>
    internal AdfNode? Find(string hash) => _kept.GetValueOrDefault(hash);

    private void Collect(AdfNode node)
    {
        if (AdfRules.IsOpaque(node))
        {
            _kept[HashOf(node)] = node;
            return;
        }

        foreach (var child in node.Content) Collect(child);
    }

    private static void CollectHashes(AdfNode node, HashSet<string> hashes)
    {
        if (AdfRules.IsOpaque(node)) hashes.Add(HashOf(node));
        else node.Content.ForEach(child => CollectHashes(child, hashes));
    }
}
