using System.Text.RegularExpressions;

namespace AgentSquad.EmbeddedHost.Functions.Queues;

/// <summary>Names of storage queues.</summary>
internal static partial class QueueNames
{
    /// <summary>The queue that takes what a function gave up on.</summary>
    public static string PoisonOf(string queue) => $"{queue}-poison";

    /// <summary>What is wrong with a name, or null.</summary>
    public static string? Problem(string name) => Valid().IsMatch(name)
        ? null
        : $"'{name}' is not a queue name: 3 to 63 lower-case letters, digits and single hyphens, first and last not a hyphen.";

    [GeneratedRegex("^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$")]
    private static partial Regex Valid();
}
