using AgentSquad.Core.Tickets;

namespace AgentSquad.Core.Voice;

/// <summary>Someone is still waited for.</summary>
public static class ReminderComment
{
    /// <summary>Renders the comment.</summary>
    /// <param name="reminded">Who is reminded; mentioned.</param>
    /// <param name="waiting">What the run waits for.</param>
    /// <param name="waited">How long it has waited.</param>
    /// <param name="next">What happens without an answer, one sentence such as <c>In 2 days the run gives up.</c></param>
    /// <param name="isEscalation">Whether the person was not asked before.</param>
    public static string Render(Person? reminded, Waiting waiting, TimeSpan waited, string next, bool isEscalation = false) => Phrases.Blocks(
        isEscalation
            ? $"{MentionMarkdown.Of(reminded)}, AgentSquad has waited {Phrases.Duration(waited)} for {MarkdownText.Inline(waiting.Whom, 80)}: " +
              $"{MarkdownText.Inline(waiting.What, 200)}. Can you help?"
            : $"{MentionMarkdown.Of(reminded)}, AgentSquad has waited {Phrases.Duration(waited)}: {MarkdownText.Inline(waiting.What, 200)}.",
        MarkdownText.Inline(next, 300));
}
