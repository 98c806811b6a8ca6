using AgentSquad.Core.Squad;

namespace AgentSquad.Agents.Answers;

/// <summary>A task's output as a model gives it; which task it belongs to is not the model's to say.</summary>
/// <param name="Summary">One or two sentences.</param>
/// <param name="Content">The work product, Markdown.</param>
/// <param name="Evidence">Criteria that the output meets.</param>
/// <param name="Question">What the role has to know first; null when it did the task.</param>
internal sealed record TaskAnswer(string Summary, string Content, IReadOnlyList<CriterionEvidence> Evidence, RoleQuestion? Question = null);

/// <summary>An answer to another role's question.</summary>
/// <param name="CanHelp">Whether the role knows.</param>
/// <param name="Text">The answer; empty when it does not.</param>
internal sealed record HelpAnswer(bool CanHelp, string Text);
