using AgentSquad.Core.Squad;
using AgentSquad.Core.Tickets;

namespace AgentSquad.Agents.Tests.Offline;

/// <summary>Tickets for tests.</summary>
internal static class Tickets
{
    public const string ExportDescription = """
        ## Problem
        Customers ask support for their order list; support copies it by hand from the screen.

        ## Acceptance criteria
        - A signed-in customer can export the order list as CSV from the orders page
        - The file has the columns number, date, total and status
        - [ ] With more than 10,000 orders the export arrives by email
        - When the customer has no orders, the file has only the header

        ## Out of scope
        - Excel files

        Endpoint: `GET /api/orders/export`, see `OrderService` in src/Orders/OrderService.cs
        """;

    public static Ticket Of(
        string summary, string description = "", string type = "Story", IReadOnlyList<string>? labels = null, IReadOnlyList<string>? components = null) =>
        new()
        {
            Site = "https://acme.example",
            Id = "10001",
            Key = "TEST-1",
            ProjectKey = "TEST",
            IssueType = type,
            Summary = summary,
            Description = description,
            Status = new("10000", "To Do", StatusCategory.ToDo),
            Labels = labels ?? [],
            Components = components ?? [],
        };

    public static Ticket Export() => Of("Customers can export their order list", ExportDescription, labels: ["agentsquad"], components: ["Orders"]);

    public static AgentStep Step(SquadRole role = SquadRole.TechLead) => new("jira-00000000-10001", "step", role);

    public static TicketNote Note(string text) => new(new("rita", "Rita Reporter"), text, DateTimeOffset.UnixEpoch);
}
