using AgentSquad.Agents.Offline.Reading;
using AgentSquad.Core.Squad;
using AgentSquad.Core.Voice;

namespace AgentSquad.Agents.Offline.Planning;

/// <summary>
/// Plans by rules: agree on the work, design where it is needed, build by role in the order in which the parts need each other, test. Every
/// acceptance criterion belongs to at least one building task and to the test task.
/// </summary>
internal static class PlanRules
{
    private const int NeedsArchitect = 6;

    public static SquadPlan Plan(PlanRequest request)
    {
        var reading = TicketReading.Of(request.Ticket, request.Conversation);
        var criteria = request.Triage.AcceptanceCriteria.Count > 0 ? request.Triage.AcceptanceCriteria : reading.Criteria.Items;
        var roles = RoleDetector.Detect(request.Ticket, reading, request.Revision);
        var builders = RoleDetector.Builders.Where(roles.Contains).ToList();
        if (builders.Count == 0)
        {
            builders.Add(RoleDetector.BuilderOf(reading.Summary, RoleDetector.Builders.ToList()) ?? SquadRole.BackendDeveloper);
        }

        var complexity = ComplexityRules.Of(reading, criteria.Count, builders.Count);
        var draft = new PlanDraft(request, reading, criteria, complexity);
        Prepare(draft, roles, builders);
        Build(draft, builders);
        Test(draft, roles);
        return new(Summarize(draft, builders), draft.Tasks, complexity, RiskRules.Of(request, reading, builders, complexity));
    }

    private static void Prepare(PlanDraft draft, IReadOnlySet<SquadRole> roles, List<SquadRole> builders)
    {
        if (draft.Request.Triage.Improvements.Count > 0 || roles.Contains(SquadRole.ProjectManager))
        {
            draft.Add(SquadRole.ProjectManager, "Settle scope and assumptions", "State what the ticket leaves open and what the squad assumes.", []);
        }

        var isBug = string.Equals(draft.Request.Ticket.IssueType, "Bug", StringComparison.OrdinalIgnoreCase);
        draft.Add(
            SquadRole.TechLead,
            isBug ? "Narrow down the cause and break the fix down" : "Break the work down",
            isBug
                ? "Describe how to reproduce the fault, where its cause may lie, and the steps of the fix."
                : "Split the work into steps that can be reviewed one by one, and name what they touch.",
            draft.Preparation());
        if (roles.Contains(SquadRole.AiMlProjectManager) || (draft.Complexity >= NeedsArchitect && builders.Exists(IsAi)))
        {
            draft.Add(
                SquadRole.AiMlProjectManager,
                "Set measures of success and guard rails for the AI part",
                "Name the measure, the baseline, the data that may be used and the point at which to stop.",
                draft.Preparation());
        }

        if (roles.Contains(SquadRole.SolutionArchitect) || draft.Complexity >= NeedsArchitect || builders.Count >= 3)
        {
            draft.Add(
                SquadRole.SolutionArchitect,
                "Design how the parts work together",
                "Name the parts, their boundaries, the contracts between them, and the decision that would be hardest to take back.",
                draft.Preparation());
        }

        if (roles.Contains(SquadRole.Designer))
        {
            draft.Add(
                SquadRole.Designer,
                "Design the interaction",
                "Describe the steps of the user, each state of the screen, its words, and how it works without a mouse.",
                draft.Preparation());
        }

        draft.EndPreparation();
    }

    private static void Build(PlanDraft draft, List<SquadRole> builders)
    {
        var shares = builders.ToDictionary(role => role, _ => new List<string>());
        foreach (var criterion in draft.Criteria)
        {
            shares[RoleDetector.BuilderOf(criterion, builders) ?? builders[0]].Add(criterion);
        }

        foreach (var role in builders)
        {
            // Every builder helps to reach the ticket's aim; one without a criterion of its own works towards the first.
            var share = shares[role].Count > 0 ? shares[role] : [draft.Criteria[0]];
            draft.Add(role, RoleGuides.Title(role, draft.Reading.Summary), RoleGuides.Aim(role), draft.Before(role), share);
        }
    }

    private static void Test(PlanDraft draft, IReadOnlySet<SquadRole> roles)
    {
        var built = draft.Tasks.Where(task => RoleDetector.Builders.Contains(task.Role)).Select(task => task.Id).ToList();
        draft.Add(
            SquadRole.Tester,
            roles.Contains(SquadRole.Tester) ? "Design tests, regression included" : "Design tests for every acceptance criterion",
            "Write test cases in Given/When/Then for each acceptance criterion, with the edge cases that the ticket brings.",
            built,
            draft.Criteria);
    }

    private static string Summarize(PlanDraft draft, List<SquadRole> builders)
    {
        var who = string.Join(", ", builders.Select(RoleNames.Of));
        var why = draft.Request.Revision is { Length: > 0 } reason ? $" Revised because: {MarkdownText.OneLine(reason, 200)}" : "";
        var tasks = draft.Tasks.Count;
        return $"{tasks} tasks; built by {who}, tested against {draft.Criteria.Count} acceptance " +
            $"{(draft.Criteria.Count == 1 ? "criterion" : "criteria")}.{why}";
    }

    private static bool IsAi(SquadRole role) => role is SquadRole.AiEngineer or SquadRole.MlEngineer;
}
