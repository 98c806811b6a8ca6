namespace AgentSquad.Atlassian.Tests.Live;

/// <summary>The journey of the live tests on the sandbox, so that it is known to work before anybody names a real site.</summary>
public sealed class SandboxJourneyTests
{
    // The sandbox's, as its /_edge/tenant_info tells it.
    private const string CloudId = "5ad00b0c-0000-4000-8000-000000000001";

    [Theory]
    [InlineData("Cloud")]
    [InlineData("DataCenter")]
    public async Task TicketAndPage_FromCreationToDeletion_WorkOnTheSandbox(string deployment)
    {
        await using var sandbox = await SandboxProcess.StartAsync(deployment);
        var settings = Settings(deployment, sandbox.Url);
        await WalkAsync(settings);

        // A token with scopes works behind Atlassian's gateway only.
        if (deployment != "Cloud") return;
        foreach (var product in (string[])["Jira", "Confluence"])
        {
            settings[$"{product}__CloudId"] = CloudId;
            settings[$"{product}__GatewayUrl"] = sandbox.Url;
        }

        await WalkAsync(settings);
    }

    private static async Task WalkAsync(Dictionary<string, string?> settings)
    {
        await using var live = new LiveSite(settings);
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
