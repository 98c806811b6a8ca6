using System.Globalization;
using System.Text;
using AgentSquad.Core.Squad;
using AgentSquad.Core.Tickets;

namespace AgentSquad.Agents.Prompts;

/// <summary>Turns what a step is given into parts of its prompt.</summary>
internal static class Material
{
    /// <summary>The ticket.</summary>
    public static PromptPart Ticket(Ticket ticket, int priority = 2)
    {
        var text = new StringBuilder()
            .AppendLine(CultureInfo.InvariantCulture, $"Key: {ticket.Key}")
            .AppendLine(CultureInfo.InvariantCulture, $"Type: {ticket.IssueType}")
            .AppendLine(CultureInfo.InvariantCulture, $"Summary: {ticket.Summary}");
        if (ticket.Priority is { } level) text.AppendLine(CultureInfo.InvariantCulture, $"Priority: {level}");
        if (ticket.Labels.Count > 0) text.AppendLine(CultureInfo.InvariantCulture, $"Labels: {string.Join(", ", ticket.Labels)}");
        if (ticket.Components.Count > 0) text.AppendLine(CultureInfo.InvariantCulture, $"Components: {string.Join(", ", ticket.Components)}");
        foreach (var (name, values) in ticket.Fields) text.AppendLine(CultureInfo.InvariantCulture, $"{name}: {string.Join(", ", values)}");
        text.AppendLine().Append(ticket.Description.Length == 0 ? "(no description)" : ticket.Description);
        return new("the ticket", text.ToString(), priority);
    }

    /// <summary>What people wrote. The newest comes first, so that a cut takes the oldest.</summary>
    public static IEnumerable<PromptPart> Notes(IReadOnlyList<TicketNote> notes, int priority) => notes.Count == 0
        ? []
        : [new("comments on the ticket, newest first", string.Join("\n\n", notes.Reverse().Select(note =>
            $"{note.Author?.DisplayName ?? "someone"}, {note.Written.UtcDateTime:yyyy-MM-dd HH:mm} UTC:\n{note.Text}")), priority)];

    /// <summary>Files on the ticket. Their names are as much the words of others as what is in them.</summary>
    public static IEnumerable<PromptPart> Files(Ticket ticket, int priority) =>
    [
        .. ticket.Files.Where(file => file.Text is not null).Select(file => new PromptPart("a file on the ticket", $"Name: {file.Name}\n\n{file.Text}", priority)),
        .. List("files on the ticket that are not shown, because they are no text or too large", [.. ticket.Files.Where(file => file.Text is null).Select(file => file.Name)], priority),
    ];

    /// <summary>A list of statements.</summary>
    public static IEnumerable<PromptPart> List(string source, IReadOnlyList<string> items, int priority) => items.Count == 0
        ? []
        : [new(source, string.Join('\n', items.Select(item => $"- {item}")), priority)];

    /// <summary>What triage found.</summary>
    public static IEnumerable<PromptPart> Triage(TriageResult triage) =>
    [
        new("triage", $"{triage.Verdict}: {triage.Reason}", 3),
        .. List("acceptance criteria of the ticket", triage.AcceptanceCriteria, 1),
        .. List("assumptions and possible improvements", triage.Improvements, 4),
    ];

    /// <summary>A plan, in outline.</summary>
    public static PromptPart Plan(SquadPlan plan, int priority) => new(
        "the plan",
        plan.Summary + "\n" + string.Join('\n', plan.Tasks.Select(task =>
            $"- {task.Id} {task.Title} ({RoleNames.Of(task.Role)}){(task.DependsOn.Count > 0 ? $", after {string.Join(", ", task.DependsOn)}" : "")}")),
        priority);

    /// <summary>A task.</summary>
    public static IEnumerable<PromptPart> Task(PlannedTask task) =>
    [
        new("the task", $"{task.Id} {task.Title}\n\n{task.Description}", 1),
        .. List("acceptance criteria of the task", task.AcceptanceCriteria, 1),
    ];

    /// <summary>Answers to questions that the role asked before.</summary>
    public static IEnumerable<PromptPart> Answers(IReadOnlyList<RoleAnswer> answers) => List(
        "answers to your questions", [.. answers.Select(answer => $"{answer.Question.Text}\n  The {RoleNames.Of(answer.Responder)}: {answer.Text}")], 1);

    /// <summary>What a task produced.</summary>
    public static PromptPart Output(TaskOutput output, int priority) => new(
        $"output of a task",
        $"{output.TaskId}: {output.Summary}\n\n{output.Content}\n\nEvidence:\n" +
        string.Join('\n', output.Evidence.Select(evidence => $"- {evidence.Criterion}: {evidence.Evidence}")),
        priority);
}
