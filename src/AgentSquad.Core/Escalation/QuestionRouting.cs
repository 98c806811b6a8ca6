using AgentSquad.Core.Squad;

namespace AgentSquad.Core.Escalation;

/// <summary>
/// Routes questions between roles and escalates those that get no answer: developer to tech lead, architect, project manager, then a
/// person. A chain never asks the asker, never asks a role twice, and always ends.
/// </summary>
/// <param name="Rules">The rules. Rules for the asker go before rules for every role.</param>
public sealed record QuestionRouting(IReadOnlyList<RoutingRule> Rules)
{
    /// <summary>The standard chains.</summary>
    public static QuestionRouting Standard { get; } = new(
    [
        new(null, QuestionType.Default, 0, SquadRole.TechLead),
        new(null, QuestionType.Default, 1, SquadRole.SolutionArchitect),
        new(null, QuestionType.Default, 2, SquadRole.ProjectManager),
        new(null, QuestionType.Architecture, 0, SquadRole.SolutionArchitect),
        new(null, QuestionType.Architecture, 1, SquadRole.TechLead),
        new(null, QuestionType.Architecture, 2, SquadRole.ProjectManager),
        new(null, QuestionType.Requirements, 0, SquadRole.ProjectManager),
        new(null, QuestionType.Deployment, 0, SquadRole.DevOpsEngineer),
        new(null, QuestionType.Deployment, 1, SquadRole.TechLead),
        new(null, QuestionType.Deployment, 2, SquadRole.SolutionArchitect),
        new(null, QuestionType.Data, 0, SquadRole.DataEngineer),
        new(null, QuestionType.Data, 1, SquadRole.AiMlProjectManager),
        new(null, QuestionType.Data, 2, SquadRole.TechLead),
        new(null, QuestionType.Design, 0, SquadRole.Designer),
        new(null, QuestionType.Design, 1, SquadRole.ProjectManager),
        new(SquadRole.SolutionArchitect, QuestionType.Default, 0, SquadRole.ProjectManager),
        new(SquadRole.TechLead, QuestionType.Default, 0, SquadRole.SolutionArchitect),
        new(SquadRole.TechLead, QuestionType.Default, 1, SquadRole.ProjectManager),
    ]);

    /// <summary>The roles to ask, one after the other; when the last cannot help, a person is asked.</summary>
    /// <param name="asker">Role that asks.</param>
    /// <param name="type">Type of the question.</param>
    /// <param name="available">Roles of the squad; those that are missing are passed over.</param>
    /// <returns>Empty when only a person can help.</returns>
    public IReadOnlyList<SquadRole> Chain(SquadRole asker, QuestionType type, IReadOnlySet<SquadRole> available)
    {
        var chain = new List<SquadRole>();
        foreach (var level in Rules.Select(rule => rule.Level).Distinct().Order())
        {
            if (At(asker, type, level) is { } responder && responder != asker && available.Contains(responder) && !chain.Contains(responder))
            {
                chain.Add(responder);
            }
        }

        return chain;
    }

    /// <summary>Finds what is wrong with the rules: a chain without a level 0, a gap between levels, a role twice in one chain.</summary>
    /// <returns>One sentence per problem; empty when all is well.</returns>
    public IReadOnlyList<string> Validate()
    {
        var problems = new List<string>();
        foreach (var group in Rules.GroupBy(rule => (rule.Asker, rule.Type)))
        {
            var name = $"The chain for {(group.Key.Asker is { } asker ? RoleNames.Of(asker) : "every role")}, type {group.Key.Type},";
            var levels = group.Select(rule => rule.Level).Distinct().Order().ToList();
            if (levels[0] != 0)
            {
                problems.Add($"{name} has no level 0.");
            }
            else if (levels[^1] != levels.Count - 1)
            {
                problems.Add($"{name} leaves out a level.");
            }

            var winners = levels.Select(level => Best(group.Where(rule => rule.Level == level))!.Responder).ToList();
            if (winners.Distinct().Count() < winners.Count)
            {
                problems.Add($"{name} asks a role twice.");
            }
        }

        return problems;
    }

    private SquadRole? At(SquadRole asker, QuestionType type, int level)
    {
        // A chain is taken as a whole: the asker's own, then everyone's of that type, then the same for the default type.
        foreach (var (owner, kind) in new (SquadRole?, QuestionType)[] { (asker, type), (null, type), (asker, QuestionType.Default), (null, QuestionType.Default) })
        {
            var chain = Rules.Where(rule => rule.Asker == owner && rule.Type == kind).ToList();
            if (chain.Count > 0)
            {
                return Best(chain.Where(rule => rule.Level == level))?.Responder;
            }
        }

        return null;
    }

    private static RoutingRule? Best(IEnumerable<RoutingRule> rules) => rules.MaxBy(rule => rule.Priority);
}
