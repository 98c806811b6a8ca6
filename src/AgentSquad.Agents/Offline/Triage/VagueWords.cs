using AgentSquad.Agents.Offline.Reading;

namespace AgentSquad.Agents.Offline.Triage;

/// <summary>Words that nobody can check, and the figure or fact that would make them checkable.</summary>
internal static class VagueWords
{
    private static readonly Dictionary<string, string> Assumptions = new(StringComparer.Ordinal)
    {
        ["fast"] = "95 % of the requests are answered within 1 second",
        ["faster"] = "95 % of the requests are answered within 1 second",
        ["quick"] = "95 % of the requests are answered within 1 second",
        ["quickly"] = "95 % of the requests are answered within 1 second",
        ["performant"] = "95 % of the requests are answered within 1 second",
        ["responsive"] = "usable from 360 pixels of width on; feedback within 100 ms of each action",
        ["user friendly"] = "a new user reaches the goal without help, with the labels and errors that the screen shows",
        ["easy"] = "at most three steps from the start page",
        ["easily"] = "at most three steps from the start page",
        ["intuitive"] = "a new user reaches the goal without help",
        ["nice"] = "it follows the product's existing design",
        ["modern"] = "it follows the product's existing design",
        ["scalable"] = "ten times today's load with the same response times",
        ["robust"] = "every failure of a dependency gives a clear error and loses no data",
        ["reliable"] = "every failure of a dependency gives a clear error and loses no data",
        ["secure"] = "only signed-in users with the right see or change the data, and every refusal is logged",
        ["flexible"] = "what may change is a setting, and its default is today's behaviour",
        ["large"] = "10,000 entries",
        ["many"] = "10,000 entries",
        ["soon"] = "within this release",
        ["appropriate"] = "as the existing parts of the product do it",
        ["properly"] = "as the existing parts of the product do it",
    };

    /// <summary>The first vague word in a text that has no figure of its own; null when it can be checked as it is.</summary>
    public static string? Find(string text) =>
        text.AsSpan().IndexOfAnyInRange('0', '9') >= 0 ? null : new WordIndex(text).Among(Assumptions.Keys).FirstOrDefault();

    /// <summary>What the squad assumes a vague word to mean.</summary>
    public static string Assume(string word) => Assumptions[word];
}
