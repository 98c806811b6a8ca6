using AgentSquad.Core.Tickets;

namespace AgentSquad.Core.Tests;

/// <summary>Tickets for tests.</summary>
internal static class TestTickets
{
    public static Ticket Of(string summary) => new()
    {
        Site = "https://acme.example",
        Id = "10001",
        Key = "TEST-1",
        ProjectKey = "TEST",
        IssueType = "Story",
        Summary = summary,
        Status = new("10000", "To Do", StatusCategory.ToDo),
    };
}
