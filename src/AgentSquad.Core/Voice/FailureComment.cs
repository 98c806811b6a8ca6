using AgentSquad.Core.Squad;

namespace AgentSquad.Core.Voice;

/// <summary>Says what went wrong, what was kept and what to do.</summary>
public static class FailureComment
{
    /// <summary>Renders the comment.</summary>
    /// <param name="stage">The stage in which it happened.</param>
    /// <param name="what">What happened, one or two sentences without secrets.</param>
    /// <param name="kept">What is kept, such as tasks done; empty for nothing.</param>
    /// <param name="whatToDo">What a person can do, one or two sentences; null names <c>/squad retry</c>.</param>
    public static string Render(RunStage stage, string what, IReadOnlyList<string> kept, string? whatToDo = null) => Phrases.Blocks(
        $"**AgentSquad could not finish its work on this ticket; it ended in the stage {StageNames.Of(stage)}**",
        MarkdownText.Inline(what, 800) is { Length: > 0 } text ? text : "The cause is not known; the log of the function app has more.",
        kept.Count > 0 ? "**Kept**\n\n" + Phrases.Lines(Phrases.Bullets(kept.Take(20))) : "Nothing had been finished yet.",
        MarkdownText.Inline(whatToDo, 600) is { Length: > 0 } advice
            ? advice
            : "`/squad retry` in a new comment continues from the last good step.");
}
