using AgentSquad.Atlassian.Diagnostics;

namespace AgentSquad.Cli.Tests.Doctor;

/// <content>What the account may do: in projects, with groups and roles, in a Confluence space.</content>
public sealed partial class DoctorTests
{
    [Fact]
    public async Task Run_PermissionThatASettingNeeds_IsAWarning()
    {
        await patient.Cloud.FailAsync(new { kind = "permission", permission = "CREATE_ISSUES", account = "sandbox-bot" });

        Is(await ExamineAsync("Squad__SubTasks__Enabled", "true"), "jira.project.TEST", FindingSeverity.Warning, "Give the account Create Issues", "Squad__SubTasks__Enabled");
    }

    /// <summary>Rights by role and group need permissions that a squad's account does not have by itself.</summary>
    [Theory]
    [InlineData("Cloud", "Squad__Control__ProjectRoles__0", "Developers", null, "jira.rights.TEST", "'Administer Projects' in the project", "the role 'Developers'")]
    [InlineData("DataCenter", "Squad__Control__ProjectRoles__0", "Developers", null, "jira.rights.TEST", "'Administer Projects' in the project", "the role 'Developers'")]
    [InlineData("Cloud", "Squad__Control__Groups__0", "jira-software-users", "USER_PICKER", "jira.rights", "'Browse users and groups'", "Squad__Control__Groups__0 gives nobody a right")]
    [InlineData("DataCenter", "Squad__Control__Groups__0", "jira-software-users", "USER_PICKER", "jira.rights", "'Browse Users'", "Squad__Control__Groups__0 gives nobody a right")]
    [InlineData("Cloud", "Squad__Control__Groups__0", "jira-softwear-users", null, "jira.rights", "Check the spelling", "which the site does not have")]
    [InlineData("DataCenter", "Squad__Approval__Deciders__Groups__0", "jira-softwear-users", null, "jira.rights", "Check the spelling", "which the site does not have")]
    public async Task Run_RightsThatTheSiteDoesNotTell_AreErrorsWithPermissionAndFix(
        string deployment, string setting, string name, string? lacking, string check, string fix, string found)
    {
        var cloud = deployment == "Cloud";
        if (lacking is not null) await (cloud ? patient.Cloud : patient.DataCenter).FailAsync(new { kind = "permission", permission = lacking, account = "sandbox-bot" });
        var settings = cloud ? patient.GoodSettings() : patient.GoodDataCenter();
        settings[setting] = name;

        Is(await patient.ExamineAsync(settings), check, FindingSeverity.Error, fix, found);
    }

    [Theory]
    [InlineData("Cloud")]
    [InlineData("DataCenter")]
    public async Task Run_GroupThatTheSiteHas_IsFine(string deployment)
    {
        var settings = deployment == "Cloud" ? patient.GoodSettings() : patient.GoodDataCenter();
        settings["Squad__Control__Groups__0"] = "jira-software-users";

        var report = await patient.ExamineAsync(settings);

        Is(report, "jira.rights", FindingSeverity.Ok, found: "has the group");
        Is(report, "jira.rights.TEST", FindingSeverity.Ok, found: "can be read");
    }

    [Fact]
    public async Task Run_SpaceThatIsNotThere_IsAnError()
    {
        var settings = patient.GoodSettings();
        settings["Confluence__BaseUrl"] = patient.Cloud.Url;
        settings["Confluence__SpaceKey"] = "NOPE";

        Is(await patient.ExamineAsync(settings), "confluence.space", FindingSeverity.Error, "Confluence__SpaceKey");
    }

    [Fact]
    public async Task Run_ConfluenceAtAnotherPath_IsToldFromAMissingSpace()
    {
        var settings = patient.GoodSettings();
        settings["Confluence__BaseUrl"] = patient.Cloud.Url + "/elsewhere";
        settings["Confluence__SpaceKey"] = "TEST";

        Is(await patient.ExamineAsync(settings), "confluence.token", FindingSeverity.Error, "Set Confluence__BaseUrl", "nothing at that path");
    }

    [Fact]
    public async Task Run_SpaceWithoutTheRightToAddPages_IsAnError()
    {
        await patient.Cloud.FailAsync(new { kind = "permission", permission = "CREATE_PAGES", account = "sandbox-bot" });
        var settings = patient.GoodSettings();
        settings["Confluence__BaseUrl"] = patient.Cloud.Url;
        settings["Confluence__SpaceKey"] = "TEST";

        Is(await patient.ExamineAsync(settings), "confluence.space", FindingSeverity.Error, "Space permissions", "may not add pages");
    }

    [Theory]
    [InlineData("Cloud", "may add them")]
    [InlineData("DataCenter", "does not tell")]
    public async Task Run_SpaceThatIsThere_IsFine(string deployment, string found)
    {
        var settings = deployment == "Cloud" ? patient.GoodSettings() : patient.GoodDataCenter();
        settings["Confluence__BaseUrl"] = settings["Jira__BaseUrl"];
        settings["Confluence__Deployment"] = deployment;
        settings["Confluence__SpaceKey"] = "TEST";

        Is(await patient.ExamineAsync(settings), "confluence.space", FindingSeverity.Ok, found: found);
    }
}
