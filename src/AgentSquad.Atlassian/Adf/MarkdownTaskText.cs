namespace AgentSquad.Atlassian.Adf;

/// <summary>Puts blocks into a task, which holds a single run of text.</summary>
internal static class MarkdownTaskText
{
    public static void Append(AdfNode task, AdfNode block)
    {
        foreach (var line in Lines(block))
        {
            if (line.Count == 0) continue;
            if (task.Content.Count > 0) task.Content.Add(new AdfNode("hardBreak"));
            task.Content.AddRange(line);
        }
    }

    private static IEnumerable<List<AdfNode>> Lines(AdfNode block) => block.Type switch
    {
        "paragraph" or "heading" => [block.Content],
        "codeBlock" => block.PlainText().Split('\n').Where(line => line.Length > 0).Select(line => new List<AdfNode> { AdfNode.OfText(line, new AdfMark("code")) }),
        "listItem" or "taskItem" => block.Content.SelectMany(child => AdfRules.IsInline(child) ? [[child]] : Lines(child))
            .Select((line, index) => index == 0 ? [AdfNode.OfText("• "), .. line] : line),
        _ => block.Content.SelectMany(child => AdfRules.IsInline(child) ? [[child]] : Lines(child)),
    };
}
