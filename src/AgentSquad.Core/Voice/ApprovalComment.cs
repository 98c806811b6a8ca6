using System.Globalization;
using AgentSquad.Core.Squad;

namespace AgentSquad.Core.Voice;

/// <summary>A plan that waits for a person's decision.</summary>
public static class ApprovalComment
{
    /// <summary>Renders the comment.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="whoDecides">Who may decide, as Markdown that is safe already (such as <see cref="MentionMarkdown.Of"/>).</param>
    /// <param name="until">When the request lapses; null for never.</param>
    /// <param name="source"><see cref="ISquadAgents.Source"/> of the agents.</param>
    public static string Render(SquadPlan plan, string whoDecides, DateTimeOffset? until, string source) => Phrases.Blocks(
        $"**AgentSquad's plan needs a decision by {whoDecides}**",
        MarkdownText.Inline(plan.Summary, 600),
        Phrases.Lines(plan.Tasks.Take(60).Select(Line)),
        Size(plan),
        plan.Risks.Count > 0 ? "**Risks**\n\n" + Phrases.Lines(Phrases.Bullets(plan.Risks.Take(10))) : null,
        "Answer in a new comment whose first line is `/squad approve`, `/squad revise <why>` or `/squad stop`."
            + (until is { } time ? $" The request lapses at {Phrases.Time(time)}." : ""),
        Phrases.Source(source));

    private static string Line(PlannedTask task)
    {
        var after = task.DependsOn.Count > 0 ? ", after " + MarkdownText.Inline(string.Join(", ", task.DependsOn), 100) : "";
        return $"- {Phrases.Task(task)}, {Phrases.Hours(task.Estimate.Hours)}{after}";
    }

    private static string Size(SquadPlan plan) => string.Create(
        CultureInfo.InvariantCulture,
        $"Complexity {plan.Complexity} of 10, {Complexity.Name(plan.Complexity)}; {Phrases.Hours(plan.Tasks.Sum(task => task.Estimate.Hours))} of a person's work.");
}
