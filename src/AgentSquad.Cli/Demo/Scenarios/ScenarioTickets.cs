namespace AgentSquad.Cli.Demo.Scenarios;

/// <summary>The tickets of the scenarios, and what people write on them.</summary>
internal static class ScenarioTickets
{
    /// <summary>Why the first plan is not good enough.</summary>
    public const string Objection = "Keep the old export until the new one has run for a week.";

    /// <summary>A criterion in the answer to the squad's questions.</summary>
    public const string AnsweredCriterion = "The file has one line for every customer";

    /// <summary>A criterion that an edit adds.</summary>
    public const string AddedCriterion = "Without any backup the page says \"never\"";

    /// <summary>What the reporter answers.</summary>
    public const string Answer =
        $"""
        The export of our customers leaves out the last customer of the file, so support calls the wrong people.

        Acceptance criteria:

        - {AnsweredCriterion}.
        - An export without customers has only the heading line.
        """;

    private const string SensitiveDescription =
        """
        Operators need to see on the status page when the last backup was made. The date comes from the backup service.

        ## Acceptance criteria

        - The status page shows date and time of the last successful backup in UTC.
        """;

    /// <summary>The description after an edit.</summary>
    public const string SensitiveEdited = $"{SensitiveDescription}\n- {AddedCriterion}.";

    /// <summary>A ticket that can be worked on at once.</summary>
    public static TicketFile Plain { get; } = Ticket(
        """
        # Name the customer in the subject of the order mail

        Customers overlook the mail that confirms an order, because its subject is the same for everyone.

        ## Acceptance criteria

        - The subject of the mail names the customer and the order number.
        """);

    /// <summary>A ticket whose plan a person has to approve.</summary>
    public static TicketFile Sensitive { get; } = Ticket(
        $"""
        ---
        labels: {ScenarioSettings.ApprovalLabel}
        ---
        # Show the date of the last backup

        {SensitiveDescription}
        """);

    /// <summary>A ticket that nobody can work on.</summary>
    public static TicketFile Unclear { get; } = Ticket("# Please fix this asap");

    /// <summary>A ticket with a criterion that nobody can check, which the reviewer does not let pass.</summary>
    public static TicketFile Vague { get; } = Ticket(
        """
        # Speed up the list of invoices

        Bookkeepers wait for the list of invoices when they open it in the morning.

        ## Acceptance criteria

        - The list of invoices opens fast.
        - The list shows the same invoices as before.
        """);

    private static TicketFile Ticket(string text) => TicketFile.Parse(text, "a scenario");
}
