using AgentSquad.Agents.Offline.Planning;
using AgentSquad.Core.Squad;
using AgentSquad.Core.Voice;

namespace AgentSquad.Agents.Offline.Work;

/// <summary>The solution architect's output: parts, contracts, and the decision that is hardest to take back.</summary>
internal static class ArchitectureNote
{
    public static IReadOnlyList<CriterionEvidence> Write(WorkContext context, MarkdownWriter writer)
    {
        var roles = context.BuildTasks.Select(task => task.Role).Distinct().ToList();
        writer.Section("Parts", roles.Select(role => $"{Part(role)}, built by the {RoleNames.Of(role)}"));
        writer.Section("Contracts between them", Contracts(context, roles));
        writer.Section("Affected areas", context.AffectedAreas());
        writer.Heading("Decide first").Paragraph(Decision(context));
        writer.Section("When a part fails",
            "Each call to another part has a time-out and says what the caller does then",
            "A repeated request has the effect of one",
            "Every part can be rolled back on its own; the contract is changed in two steps, adding before removing");
        return context.EvidenceInSection("Contracts between them");
    }

    private static IEnumerable<string> Contracts(WorkContext context, List<SquadRole> roles)
    {
        foreach (var endpoint in context.Names.Endpoints.Take(8))
        {
            yield return $"{MarkdownText.Inline(endpoint, 120)}: request, response, errors and who may call; owned by the service side";
        }

        if (roles.Contains(SquadRole.FrontendDeveloper) && roles.Contains(SquadRole.BackendDeveloper) && context.Names.Endpoints.Count == 0)
        {
            yield return "User interface and service: one operation per action of the user, with its errors; owned by the service side";
        }

        if (roles.Contains(SquadRole.DataEngineer))
        {
            yield return "Data and its readers: schema, meaning of each field, freshness; owned by the data side";
        }

        if (roles.Exists(role => role is SquadRole.MlEngineer or SquadRole.AiEngineer))
        {
            yield return "Model and its callers: input, output, limits, behaviour without an answer; owned by the model side";
        }

        if (roles.Contains(SquadRole.DevOpsEngineer))
        {
            yield return "Application and its surroundings: settings, secrets, health check, logs; owned by operations";
        }

        yield return "Application and its data: what may be written, by whom, and what must hold afterwards; owned by the service side";
    }

    private static string Decision(WorkContext context) =>
        context.Reading.Words.Has("migration") || context.Reading.Words.Has("migrate")
            ? "How to get from the old form to the new with both in use: write both, move what is old, read the new, stop writing the old."
        : context.Reading.Words.HasAny(["real time", "realtime", "event driven", "queue", "webhook"])
            ? "What happens to an event that comes twice, late or never; the rest follows from that."
        : context.Reading.Words.HasAny(RoleSignals.Words[SquadRole.AiEngineer])
            ? "What the product does when the model is wrong, slow or absent; the rest follows from that."
        : "Which part owns the data that changes; every other part asks it.";

    private static string Part(SquadRole role) => role switch
    {
        SquadRole.FrontendDeveloper => "User interface",
        SquadRole.DataEngineer => "Data and its pipelines",
        SquadRole.DataScientist => "Analysis",
        SquadRole.MlEngineer => "Model training and serving",
        SquadRole.AiEngineer => "Language model feature",
        SquadRole.DevOpsEngineer => "Delivery and operation",
        _ => "Service",
    };
}
