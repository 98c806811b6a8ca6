using AgentSquad.Core.Squad;

namespace AgentSquad.Core.Voice;

/// <summary>What a run delivers, for the delivery comment.</summary>
/// <param name="Plan">The plan that was worked on.</param>
/// <param name="Outputs">Outputs of its tasks.</param>
/// <param name="Verification">The last verification.</param>
/// <param name="Assumptions">What the squad assumed because the ticket does not say; empty for none.</param>
/// <param name="Artifacts">Where the outputs can be read in full; when empty, the comment carries them itself.</param>
/// <param name="Source"><see cref="ISquadAgents.Source"/> of the agents.</param>
public sealed record Delivery(
    SquadPlan Plan,
    IReadOnlyList<TaskOutput> Outputs,
    VerificationResult Verification,
    IReadOnlyList<string> Assumptions,
    IReadOnlyList<Artifact> Artifacts,
    string Source);

/// <summary>Something to read outside the comment.</summary>
/// <param name="Name">Its name, such as a file name or a page title.</param>
/// <param name="Address">An absolute http or https address; null for an attachment of the ticket.</param>
public sealed record Artifact(string Name, string? Address = null);

/// <summary>The comment that hands over the result.</summary>
public static class DeliveryComment
{
    private const int MostCriteria = 40;

    /// <summary>Renders the comment.</summary>
    /// <param name="delivery">What is delivered.</param>
    /// <param name="verbosity">How much to say.</param>
    public static string Render(Delivery delivery, Verbosity verbosity = Verbosity.Normal)
    {
        var head = Phrases.Blocks(
            $"**AgentSquad's result: {Verdict(delivery.Verification.Verdict)}**",
            MarkdownText.Inline(delivery.Verification.Summary, 600),
            "This is analysis, specification and test design. The squad wrote no code and opened no pull request; a developer takes it from here.",
            Criteria(delivery.Verification.Criteria),
            Section("Assumptions", Phrases.Bullets(delivery.Assumptions.Take(10))),
            Section("Tasks done", delivery.Plan.Tasks.Select(task => TaskLine(task, delivery.Outputs))),
            Section("To read", delivery.Artifacts.Select(ArtifactLine)),
            Phrases.Source(delivery.Source));
        var carriesOutputs = delivery.Artifacts.Count == 0 && verbosity != Verbosity.Quiet;
        return carriesOutputs ? Phrases.Blocks(head, Outputs(delivery, Phrases.LongestComment - head.Length)) : head;
    }

    private static string Verdict(VerificationVerdict verdict) => verdict switch
    {
        VerificationVerdict.Approved => "every acceptance criterion is covered",
        VerificationVerdict.NeedsFixes => "some acceptance criteria have gaps",
        _ => "a person is needed",
    };

    private static string? Criteria(IReadOnlyList<CriterionResult> criteria)
    {
        var lines = criteria.Take(MostCriteria).Select(criterion =>
            $"- **{(criterion.Met ? "Covered" : "Gap")}:** {MarkdownText.Inline(criterion.Criterion, 300)} — {MarkdownText.Inline(criterion.Detail, 400)}");
        var rest = criteria.Count - MostCriteria;
        return Section("Acceptance criteria", rest > 0
            ? lines.Append($"- and {rest} more, {criteria.Skip(MostCriteria).Count(criterion => !criterion.Met)} of them with gaps")
            : lines);
    }

    private static string TaskLine(PlannedTask task, IReadOnlyList<TaskOutput> outputs)
    {
        var output = outputs.LastOrDefault(candidate => candidate.TaskId == task.Id);
        return $"- {Phrases.Task(task)}: {(output is null ? "no output" : MarkdownText.Inline(output.Summary, 300))}";
    }

    private static string ArtifactLine(Artifact artifact)
    {
        var name = MarkdownText.Inline(artifact.Name, 160);
        return Uri.TryCreate(artifact.Address, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? $"- [{name}](<{address.AbsoluteUri.Replace(">", "%3E", StringComparison.Ordinal)}>)"
            : $"- {name} (attached)";
    }

    private static string? Section(string title, IEnumerable<string> lines) =>
        Phrases.Lines(lines) is { Length: > 0 } text ? $"**{title}**\n\n{text}" : null;

    private static string Outputs(Delivery delivery, int space)
    {
        var outputs = delivery.Plan.Tasks
            .Select(task => (Task: task, Output: delivery.Outputs.LastOrDefault(output => output.TaskId == task.Id)))
            .Where(pair => pair.Output is not null)
            .ToList();
        var blocks = new List<string>();
        for (var i = 0; i < outputs.Count; i++)
        {
            var (task, output) = outputs[i];
            var title = $"### {MarkdownText.Inline(task.Id, 20)} {MarkdownText.Inline(task.Title, 160)}";
            // What earlier outputs leave over goes to the later ones.
            var share = (space / (outputs.Count - i)) - title.Length - 60;
            if (share < 200)
            {
                break;
            }

            var block = $"{title}\n\n{MarkdownDocument.Nest(output!.Content, below: 2, share)}";
            blocks.Add(block);
            space -= block.Length + 2;
        }

        return Phrases.Blocks(blocks);
    }
}
