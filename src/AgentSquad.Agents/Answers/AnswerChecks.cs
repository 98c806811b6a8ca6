using AgentSquad.Core.Planning;
using AgentSquad.Core.Squad;

namespace AgentSquad.Agents.Answers;

/// <summary>What a schema cannot say about answers. Each problem is a sentence for the model.</summary>
internal static class AnswerChecks
{
    private const int LongestLine = 2_000;
    private const int LongestContent = 200_000;
    private const int MostCriteria = 40;

    public static IEnumerable<string> Of(TriageResult answer)
    {
        var mayWork = answer.Verdict is TriageVerdict.Ready or TriageVerdict.NeedsImprovement;
        if (string.IsNullOrWhiteSpace(answer.Reason)) yield return "reason is empty.";
        if (mayWork && answer.AcceptanceCriteria.Count == 0) yield return $"acceptanceCriteria is empty, which does not go with {answer.Verdict}.";
        if (answer.Verdict == TriageVerdict.Unclear && answer.Questions.Count == 0) yield return "questions is empty, which does not go with Unclear.";
        if (mayWork && answer.Questions.Count > 0) yield return $"questions is for Unclear only; the verdict is {answer.Verdict}.";
        if (answer.Questions.Count > 5) yield return "There are more than five questions.";
        if (answer.Improvements.Count > 10) yield return "There are more than ten improvements.";
        if (answer.AcceptanceCriteria.Count > MostCriteria) yield return $"There are more than {MostCriteria} acceptanceCriteria.";
        if (answer.AcceptanceCriteria.Distinct(StringComparer.Ordinal).Count() != answer.AcceptanceCriteria.Count) yield return "An acceptance criterion occurs twice.";
        foreach (var problem in Lines("a text", [answer.Reason, .. answer.AcceptanceCriteria, .. answer.Questions, .. answer.Improvements])) yield return problem;
    }

    public static IEnumerable<string> Of(SquadPlan answer, IReadOnlyList<string> criteria)
    {
        foreach (var problem in PlanValidator.Validate(answer, criteria)) yield return problem;
        if (string.IsNullOrWhiteSpace(answer.Summary)) yield return "summary is empty.";
        if (answer.Risks.Count > 10) yield return "There are more than ten risks.";
        if (answer.Tasks.Any(task => task.Id.Length > 10 || task.Id.Any(character => !char.IsAsciiLetterOrDigit(character))))
        {
            yield return "The id of a task may have up to ten letters and digits, such as T1.";
        }

        foreach (var problem in Lines("a text", [answer.Summary, .. answer.Risks, .. answer.Tasks.Select(task => task.Title)])) yield return problem;
        if (answer.Tasks.Any(task => task.Description.Length > LongestContent)) yield return "The description of a task is too long.";
    }

    public static IEnumerable<string> Of(TaskOutput answer)
    {
        if (answer.Question is { Text: var question })
        {
            if (string.IsNullOrWhiteSpace(question)) yield return "The question is empty; use null if there is none.";
            if (question.Length > LongestLine) yield return $"The question has more than {LongestLine} characters.";
            yield break;
        }

        if (string.IsNullOrWhiteSpace(answer.Content)) yield return "content is empty.";
        if (string.IsNullOrWhiteSpace(answer.Summary)) yield return "summary is empty.";
        if (answer.Content.Length > LongestContent) yield return $"content is longer than {LongestContent} characters.";
        foreach (var problem in Lines("a text", [answer.Summary, .. answer.Evidence.SelectMany(evidence => new[] { evidence.Criterion, evidence.Evidence })])) yield return problem;
    }

    public static IEnumerable<string> Of(HelpAnswer answer)
    {
        if (answer.CanHelp && string.IsNullOrWhiteSpace(answer.Text)) yield return "text is empty, which does not go with canHelp.";
        foreach (var problem in Lines("a text", [answer.Text])) yield return problem;
    }

    public static IEnumerable<string> Of(ReviewResult answer)
    {
        var isApproved = answer.Verdict == ReviewVerdict.Approved;
        if (isApproved && answer.Reasons.Count > 0) yield return "reasons must be empty when the verdict is Approved.";
        if (!isApproved && answer.Reasons.All(string.IsNullOrWhiteSpace)) yield return "reasons is empty, which does not go with ChangesRequested.";
        if (answer.Reasons.Count > 10) yield return "There are more than ten reasons.";
        foreach (var problem in Lines("a reason", answer.Reasons)) yield return problem;
    }

    public static IEnumerable<string> Of(VerificationResult answer, VerifyRequest request)
    {
        foreach (var criterion in request.AcceptanceCriteria)
        {
            if (answer.Criteria.Count(result => result.Criterion == criterion) != 1) yield return $"criteria must have exactly one entry for \"{criterion}\", word for word.";
        }

        if (answer.Criteria.Count > request.AcceptanceCriteria.Count) yield return "criteria has entries that are no acceptance criteria of the ticket.";
        var areMet = answer.Criteria.All(result => result.Met);
        if (answer.Verdict == VerificationVerdict.Approved && !areMet) yield return "The verdict is Approved, but not every criterion is met.";
        if (answer.Verdict != VerificationVerdict.Approved && areMet) yield return $"Every criterion is met, which does not go with {answer.Verdict}.";
        if (answer.Verdict == VerificationVerdict.NeedsFixes && answer.Criteria.All(result => result.Met || result.TaskId is null))
        {
            yield return "The verdict is NeedsFixes, but no entry names the task that has to close the gap.";
        }

        foreach (var id in answer.Criteria.Select(result => result.TaskId).OfType<string>().Where(id => request.Plan.Tasks.All(task => task.Id != id)))
        {
            yield return $"There is no task {(id.Length > 20 ? id[..20] : id)}.";
        }

        foreach (var problem in Lines("a text", [answer.Summary, .. answer.Criteria.Select(result => result.Detail)])) yield return problem;
    }

    private static IEnumerable<string> Lines(string what, IEnumerable<string> texts) =>
        texts.Any(text => text.Length > LongestLine) ? [$"There is {what} of more than {LongestLine} characters."] : [];
}
