namespace AgentSquad.Atlassian.Adf;

/// <summary>Reads children as blocks, whatever an editor or a program put there.</summary>
internal static class AdfBlocks
{
    /// <summary>Blocks as they are; inline nodes in a row become a paragraph; containers that mean nothing here are opened.</summary>
    public static IEnumerable<AdfNode> Of(IEnumerable<AdfNode> nodes)
    {
        AdfNode? loose = null;
        foreach (var node in nodes)
        {
            if (AdfRules.IsInline(node))
            {
                (loose ??= new AdfNode("paragraph")).Content.Add(node);
                continue;
            }

            if (loose is not null) yield return loose;
            loose = null;
            switch (node.Type)
            {
                case "paragraph" or "heading" or "bulletList" or "orderedList" or "taskList" or "decisionList" or "codeBlock" or "blockquote"
                    or "panel" or "expand" or "nestedExpand" or "rule" or "table":
                    yield return node;
                    break;
                case "mediaGroup":
                    yield return new AdfNode("paragraph", node.Content);
                    break;
                case "blockCard" or "embedCard" or "media":
                    yield return new AdfNode("paragraph", node);
                    break;
                case var _ when AdfRules.IsOpaque(node):
                    yield return node;
                    break;
                default:
                    foreach (var inner in Of(node.Content)) yield return inner;
                    break;
            }
        }

        if (loose is not null) yield return loose;
    }
}
