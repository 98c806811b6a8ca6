using System.Text.RegularExpressions;
using AgentSquad.Agents.Offline.Reading;
using AgentSquad.Core.Escalation;
using AgentSquad.Core.Squad;

namespace AgentSquad.Agents.Offline.Questions;

/// <summary>
/// Questions between roles without a model: a ticket that leaves something to a role says so (<c>Ask the architect: which queue do we use?</c>), and
/// the role answers from what the ticket says after <c>Answer:</c> or <c>Decision:</c>; otherwise it cannot help.
/// </summary>
internal static partial class QuestionRules
{
    private const int LongestText = 300;

    /// <summary>What a task's role has to ask before it goes on; null when nothing is open.</summary>
    /// <param name="request">The task. Whoever answered, a role or a person on the ticket, has settled it.</param>
    public static RoleQuestion? Find(ImplementRequest request)
    {
        var isBuilder = request.Task.Role is not (SquadRole.ProjectManager or SquadRole.TechLead or SquadRole.Tester or SquadRole.SolutionArchitect);
        if (!isBuilder || request.Answers.Count > 0 || request.Notes.Count > 0) return null;
        var match = Asks().Match(request.Ticket.Description);
        return match.Success ? new RoleQuestion(TypeOf(match.Groups["whom"].Value), Cut(InlineMarkdown.Plain(match.Groups["question"].Value))) : null;
    }

    /// <summary>The role's answer, from the ticket alone.</summary>
    public static AnswerResult Answer(AnswerRequest request)
    {
        var match = Answers().Match(request.Ticket.Description);
        return match.Success ? new AnswerResult(Cut(InlineMarkdown.Plain(match.Groups["answer"].Value))) : AnswerResult.CannotHelp;
    }

    private static QuestionType TypeOf(string whom) => whom.ToLowerInvariant() switch
    {
        "architect" or "solution architect" => QuestionType.Architecture,
        "project manager" => QuestionType.Requirements,
        "designer" => QuestionType.Design,
        "devops engineer" => QuestionType.Deployment,
        "data engineer" => QuestionType.Data,
        _ => QuestionType.Default,
    };

    private static string Cut(string text) => text.Length > LongestText ? text[..LongestText] : text;

    [GeneratedRegex(@"^\W*ask the (?<whom>tech lead|architect|solution architect|project manager|designer|devops engineer|data engineer)\W*:\s*(?<question>\S.*)$", RegexOptions.IgnoreCase | RegexOptions.Multiline | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Asks();

    [GeneratedRegex(@"^\W*(answer|decision)\W*:\s*(?<answer>\S.*)$", RegexOptions.IgnoreCase | RegexOptions.Multiline | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Answers();
}
