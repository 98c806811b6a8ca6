using AgentSquad.Agents.Offline.Reading;

namespace AgentSquad.Agents.Offline.Triage;

/// <summary>Demands that no system can meet.</summary>
internal static class AbsoluteDemands
{
    private static readonly string[] Phrases =
    [
        "zero latency", "no latency at all", "100% uptime", "100 % uptime", "100 percent uptime", "never fail", "never fails", "can never fail",
        "bug free", "no bugs at all", "zero bugs", "unhackable", "impossible to hack", "unlimited storage", "infinite storage", "infinitely fast",
        "100% secure", "completely secure against everything", "guess what the user wants", "read the user's mind", "read minds",
    ];

    /// <summary>The demand in a text; null when there is none.</summary>
    public static string? Find(string text) => new WordIndex(text).Among(Phrases).FirstOrDefault();
}
