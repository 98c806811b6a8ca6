using AgentSquad.Core.Squad;
using AgentSquad.Core.Voice;

namespace AgentSquad.Agents.Offline.Work;

/// <summary>The designer's output: steps of the user, states of the screen, and use without a mouse.</summary>
internal static class InteractionNote
{
    public static IReadOnlyList<CriterionEvidence> Write(WorkContext context, MarkdownWriter writer)
    {
        writer.Heading("What the user comes for").Paragraph(MarkdownText.Inline(context.Reading.Summary, 300));
        writer.Section("What the screen has to make possible", context.TicketCriteria.Select(criterion => MarkdownText.Inline(criterion, 300)));
        writer.Section("States and their words",
            "First use and empty: says what will be here and offers the first action",
            "Loading: keeps the layout; says what is awaited when it takes longer than a second",
            "Done: says what happened and what can be done next; an action that destroys something can be undone or asks first",
            "Refused input: says at the field what is wrong and what would be right, and keeps what was typed",
            "Failure: says what did not happen, that nothing was lost, and how to try again",
            "No right: says whom to ask, and does not show what cannot be used");
        writer.Section("Without a mouse, without sight, on a small screen",
            "Every action by keyboard, in the order in which it is read; the focus is visible",
            "Every control has a name; changes of state are announced",
            "Contrast of at least 4.5 to 1; colour is never the only sign",
            "Usable from 360 pixels of width on");
        return context.EvidenceInSection("States and their words");
    }
}
