namespace AgentSquad.Atlassian.Tests.Live;

/// <summary>The journey of the live tests on the sandbox, so that it is known to work before anybody names a real site.</summary>
public sealed class SandboxJourneyTests
{
    [Theory]
    [InlineData("Cloud")]
    [InlineData("DataCenter")]
    public async Task TicketAndPage_FromCreationToDeletion_WorkOnTheSandbox(string deployment)
    {
        await using var sandbox = await SandboxProcess.StartAsync(deployment);
        await using var live = new LiveSite(Settings(deployment, sandbox.Url));
        var journey = new SiteJourney(live);

        await journey.TicketAsync("TEST", "Task");
        await journey.PageAsync("TEST");
    }

    // The names that people use: the account is Jira's, for both products.
    private static Dictionary<string, string?> Settings(string deployment, string url) => new()
    {
        ["JIRA_URL"] = url,
        ["JIRA_USERNAME"] = deployment == "Cloud" ? SandboxProcess.Email : "",
        ["JIRA_API_TOKEN"] = SandboxProcess.Token,
        ["Jira__Deployment"] = deployment,
        ["CONFLUENCE_URL"] = url,
        ["Confluence__Deployment"] = deployment,
    };
}
