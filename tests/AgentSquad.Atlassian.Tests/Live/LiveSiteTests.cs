namespace AgentSquad.Atlassian.Tests.Live;

/// <summary>The journey on a real site, where variables name one.</summary>
public sealed class LiveSiteTests
{
    [SkippableFact]
    public async Task Ticket_FromCreationToDeletion_WorksOnARealSite()
    {
        var project = LiveSite.Require(LiveSite.ProjectVariable, "JIRA_URL, JIRA_USERNAME and JIRA_API_TOKEN (or Jira__*)");
        await using var live = LiveSite.OfEnvironment();

        await new SiteJourney(live).TicketAsync(project, Environment.GetEnvironmentVariable(LiveSite.IssueTypeVariable) is { Length: > 0 } named ? named : "Task");
    }

    [SkippableFact]
    public async Task Page_CreatedChangedAndFound_OnARealSite()
    {
        var space = LiveSite.Require(LiveSite.SpaceVariable, "CONFLUENCE_URL, CONFLUENCE_USERNAME and CONFLUENCE_API_TOKEN (or Confluence__*), beside JIRA_*");
        await using var live = LiveSite.OfEnvironment();

        await new SiteJourney(live).PageAsync(space);
    }
}
