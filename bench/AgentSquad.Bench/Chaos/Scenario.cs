using AgentSquad.Cli.Demo;
using AgentSquad.Core.Voice;

namespace AgentSquad.Bench.Chaos;

/// <summary>A ticket and the people around it: what it says, and what the reporter answers when the squad asks.</summary>
/// <param name="Name">For reports.</param>
/// <param name="Ticket">The ticket.</param>
/// <param name="Answers">One per question or plan that the squad puts to people, in order.</param>
internal sealed record Scenario(string Name, TicketFile Ticket, IReadOnlyList<string> Answers)
{
    /// <summary>Label that makes the squad ask for approval.</summary>
    public const string ApprovalLabel = "needs-approval";

    private static readonly string[] Asking = [CommentKinds.Question, CommentKinds.Approval];

    private static readonly string Sample = TicketFile.Sample().Description;

    /// <summary>One that waits for its reporter until an answer comes.</summary>
    public static Scenario Unclear { get; } = new(
        "unclear", Made("Please fix it", ""), ["The export button on the orders page does nothing.\n\nAcceptance criteria:\n- A click on export downloads the file"]);

    /// <summary>Every kind of story that ends by itself or by an answer.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("straight", TicketFile.Sample(), []),
        new("small", Made("Show the version in the footer", "Show it.\n\n## Acceptance criteria\n\n- The footer shows the version."), []),
        new("many tasks", Made(
            "Let customers pay by invoice",
            "A customer can choose to pay by invoice.\n\n## Acceptance criteria\n\n- The page *Checkout* offers invoice.\n- The endpoint `POST /api/invoices` makes one.\n"
            + "- The table `invoices` keeps them for ten years.\n- Only customers with a good record may choose it.\n- An invoice is made in less than 2 seconds.\n"
            + "- The mail with the invoice is sent once.\n- Accounting gets a CSV file every night."), []),
        Unclear,
        new("approved", Made("Let customers export their orders as CSV", Sample, ApprovalLabel), ["/squad approve"]),
        new("revised", Made("Let customers export their orders as CSV", Sample, ApprovalLabel), ["/squad revise Please split the tests off.", "/squad approve"]),
        new("stopped", Made("Let customers export their orders as CSV", Sample, ApprovalLabel), ["/squad stop"]),
    ];

    /// <summary>Whether a comment of this kind waits for an answer.</summary>
    public static bool Asks(string kind) => Asking.Contains(kind);

    private static TicketFile Made(string summary, string description, params string[] labels) => new(summary, description, "Story", null, labels, []);
}
