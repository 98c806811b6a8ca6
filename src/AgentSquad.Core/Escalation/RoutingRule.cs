using AgentSquad.Core.Squad;

namespace AgentSquad.Core.Escalation;

/// <summary>Who answers whom, at one level of a chain.</summary>
/// <param name="Asker">Role that asks; null for every role.</param>
/// <param name="Type">Type of the question; <see cref="QuestionType.Default"/> stands in for types without a rule of their own.</param>
/// <param name="Level">0 for who is asked first, then one more per escalation.</param>
/// <param name="Responder">Role that answers.</param>
/// <param name="Priority">The higher rule wins; among equal ones the earlier. Default is 0.</param>
public sealed record RoutingRule(SquadRole? Asker, QuestionType Type, int Level, SquadRole Responder, int Priority = 0);
