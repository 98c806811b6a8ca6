using AgentSquad.Agents.Offline.Reading;
using AgentSquad.Core.Squad;
using AgentSquad.Core.Voice;

namespace AgentSquad.Agents.Offline.Planning;

/// <summary>Risks that words of a ticket and the shape of its plan point to.</summary>
internal static class RiskRules
{
    private const int Most = 8;

    private static readonly (string[] Words, string Risk)[] ByWord =
    [
        (["migration", "migrate", "backfill", "schema"], "Existing data may not fit the new form; rehearse on a copy and keep a way back."),
        (["login", "password", "authentication", "authorization", "permission", "token", "security", "secret"],
            "A mistake in access control exposes data; have the refusal paths tested, not only the happy one."),
        (["payment", "invoice", "billing", "price", "tax"], "Amounts and rounding: a wrong cent is a wrong result; agree on rules before coding."),
        (["performance", "latency", "load", "scalability", "fast", "faster"], "The target may not hold under real load; measure before and after on real volumes."),
        (["third party", "external api", "vendor", "integration", "webhook"], "An outside service may be slow, absent or different from its documentation."),
        (["delete", "remove", "purge", "cleanup"], "What is deleted by mistake has to come back; agree on an undo or a retention time."),
        (["personal data", "gdpr", "privacy", "email", "customer data"], "Personal data is involved; check purpose, retention and logs."),
        (["concurrency", "parallel", "race condition", "simultaneous", "lock"], "Faults of concurrency show rarely; they need a test of their own."),
        (["llm", "language model", "ai", "prompt", "machine learning", "model training"],
            "Quality varies with data and wording; without a measured baseline no one can tell better from worse."),
        (["timezone", "time zone", "date", "calendar", "schedule"], "Time zones and daylight saving change results for some users only."),
        (["legacy", "refactor", "refactoring"], "Behaviour that nobody wrote down may be relied on; pin it with tests first."),
    ];

    public static IReadOnlyList<string> Of(PlanRequest request, TicketReading reading, List<SquadRole> builders, int complexity)
    {
        var risks = new List<string>();
        if (reading.Criteria.Origin != CriteriaOrigin.Stated)
        {
            risks.Add("The ticket lists no acceptance criteria; the squad's own may miss what the reporter means.");
        }

        if (request.Triage.Improvements.Count > 0 && reading.Criteria.Origin == CriteriaOrigin.Stated)
        {
            risks.Add($"The ticket has a weakness: {MarkdownText.OneLine(request.Triage.Improvements[0], 200)}");
        }

        risks.AddRange(ByWord.Where(entry => reading.Words.HasAny(entry.Words)).Select(entry => entry.Risk));
        if (builders.Count >= 3)
        {
            risks.Add("Several roles build in parallel; their contracts have to be fixed first.");
        }

        if (complexity >= 9)
        {
            risks.Add("This is very complex for one ticket; consider splitting it.");
        }

        return risks.Take(Most).ToList();
    }
}
