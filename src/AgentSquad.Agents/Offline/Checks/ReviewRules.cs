using AgentSquad.Agents.Offline.Triage;
using AgentSquad.Core.Squad;
using AgentSquad.Core.Voice;

namespace AgentSquad.Agents.Offline.Checks;

/// <summary>Reviews an output by rules that do not know how it was written.</summary>
internal static class ReviewRules
{
    private const int ShortestContent = 80;
    private const int MostReasons = 10;

    public static ReviewResult Review(ReviewRequest request)
    {
        var reasons = Reasons(request).Take(MostReasons).ToList();
        return new(reasons.Count == 0 ? ReviewVerdict.Approved : ReviewVerdict.ChangesRequested, reasons);
    }

    private static IEnumerable<string> Reasons(ReviewRequest request)
    {
        var (task, output) = (request.Task, request.Output);
        if (output.TaskId != task.Id)
        {
            yield return $"The output belongs to {MarkdownText.OneLine(output.TaskId, 20)}, not to {task.Id}.";
            yield break;
        }

        if (output.Content.Count(character => !char.IsWhiteSpace(character)) < ShortestContent)
        {
            yield return "The output says too little to build on; write it out.";
        }

        foreach (var criterion in task.AcceptanceCriteria)
        {
            var evidence = output.Evidence.FirstOrDefault(candidate => candidate.Criterion == criterion);
            var quoted = MarkdownText.OneLine(criterion, 160);
            if (evidence is null || string.IsNullOrWhiteSpace(evidence.Evidence))
            {
                yield return $"The output does not say where it meets \"{quoted}\".";
            }
            else if (VagueWords.Find(criterion) is { } word && !output.Content.Contains(VagueWords.Assume(word), StringComparison.Ordinal))
            {
                yield return $"\"{word}\" in \"{quoted}\" cannot be checked; state the figure that is assumed.";
            }
        }
    }
}
