using System.Globalization;
using AgentSquad.Core.Tickets;

namespace AgentSquad.Core.Voice;

/// <summary>Questions that have to be answered before work can start.</summary>
public static class QuestionComment
{
    /// <summary>Renders the comment.</summary>
    /// <param name="asked">Whom to ask; mentioned, so that the site notifies the person.</param>
    /// <param name="reason">Why the ticket is not ready, one or two sentences.</param>
    /// <param name="questions">The questions; at most five are asked.</param>
    /// <param name="source"><see cref="Squad.ISquadAgents.Source"/> of the agents.</param>
    public static string Render(Person? asked, string reason, IReadOnlyList<string> questions, string source) => Phrases.Blocks(
        $"**AgentSquad asks {MentionMarkdown.Of(asked)}**",
        MarkdownText.Inline(reason, 600),
        Phrases.Lines(questions.Take(5).Select((question, i) =>
            string.Create(CultureInfo.InvariantCulture, $"{i + 1}. {MarkdownText.Inline(question, 400)}"))),
        "Answer in a new comment, or edit the ticket; the work goes on from here either way. `/squad stop` ends it.",
        Phrases.Source(source));
}
