using AgentSquad.Agents.Offline.Reading;
using AgentSquad.Core.Squad;
using AgentSquad.Core.Tickets;

namespace AgentSquad.Agents.Offline.Planning;

/// <summary>Finds the roles that a ticket needs.</summary>
internal static class RoleDetector
{
    private const int Enough = 2;
    private const int InLabel = 3;
    private const int InSummary = 2;
    private const int InText = 1;

    private static readonly string[] Exclusions = ["without", "no", "skip", "drop", "remove", "leave out", "not"];

    /// <summary>Roles that build something, in the order in which their work usually comes.</summary>
    public static IReadOnlyList<SquadRole> Builders { get; } =
    [
        SquadRole.DataEngineer, SquadRole.DataScientist, SquadRole.MlEngineer, SquadRole.AiEngineer, SquadRole.BackendDeveloper,
        SquadRole.FrontendDeveloper, SquadRole.DevOpsEngineer,
    ];

    /// <summary>The roles with enough signals. A person's wish in a revision counts like a label; one that a revision excludes is left out.</summary>
    public static IReadOnlySet<SquadRole> Detect(Ticket ticket, TicketReading reading, string? revision)
    {
        var labels = new WordIndex(ticket.Labels.Concat(ticket.Components));
        var wish = new WordIndex(revision ?? "");
        var roles = new HashSet<SquadRole>();
        foreach (var (role, words) in RoleSignals.Words)
        {
            var score = Math.Min(words.Count(reading.Words.Has), 3) * InText
                + (words.Any(reading.SummaryWords.Has) ? InSummary - InText : 0)
                + (words.Any(labels.Has) ? InLabel : 0)
                + (words.Any(wish.Has) || wish.Has(RoleNames.Of(role).ToLowerInvariant()) ? InLabel : 0);
            if (score >= Enough && !IsExcluded(role, words, wish))
            {
                roles.Add(role);
            }
        }

        return roles;
    }

    /// <summary>The building role that a text is about: the one with most signals; null when it has none.</summary>
    public static SquadRole? BuilderOf(string text, IReadOnlyCollection<SquadRole> among)
    {
        var words = new WordIndex(text);
        return among
            .Select(role => (Role: role, Score: RoleSignals.Words[role].Count(words.Has)))
            .Where(pair => pair.Score > 0)
            .OrderByDescending(pair => pair.Score)
            .ThenBy(pair => Order(pair.Role))
            .Select(pair => (SquadRole?)pair.Role)
            .FirstOrDefault();
    }

    private static int Order(SquadRole role) => Builders.TakeWhile(builder => builder != role).Count();

    private static bool IsExcluded(SquadRole role, string[] words, WordIndex wish) =>
        words.Append(RoleNames.Of(role).ToLowerInvariant())
            .Where(wish.Has)
            .Any(word => Exclusions.Any(exclusion => wish.Has($"{exclusion} {word}") || wish.Has($"{exclusion} the {word}")));
}
