namespace AgentSquad.Agents.Offline.Reading;

/// <summary>One line of a description, classified.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its plain text; for code, the line as it is.</param>
/// <param name="Indent">Spaces before it.</param>
internal readonly record struct DescriptionLine(LineKind Kind, string Text, int Indent = 0);

/// <summary>What a line of a description is.</summary>
internal enum LineKind
{
    /// <summary>Nothing on it.</summary>
    Blank,

    /// <summary>A heading, a bold line, or a short line that ends in a colon.</summary>
    Heading,

    /// <summary>An item of a list.</summary>
    Item,

    /// <summary>An item with a checkbox.</summary>
    Check,

    /// <summary>Running text.</summary>
    Text,

    /// <summary>Within a code block.</summary>
    Code,
}
