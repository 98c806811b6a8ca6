using System.Text.Json.Nodes;
using AgentSquad.JiraSandbox.Tests.Support;

namespace AgentSquad.JiraSandbox.Tests.Rest;

public sealed class AccessTests
{
    [Fact]
    public async Task Myself_RightLogin_IsTheAccountWithEmail()
    {
        await using var sandbox = await Sandbox.StartAsync();

        var answer = await sandbox.Bot.ReadAsync("/rest/api/3/myself");

        Assert.Equal(200, answer.Status);
        Assert.Equal("sandbox-bot", answer.Json["accountId"]!.GetValue<string>());
        Assert.Equal("agentsquad@example.invalid", answer.Json["emailAddress"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("agentsquad@example.invalid", "wrong")]
    [InlineData("nobody@example.invalid", "agentsquad-token")]
    public async Task Myself_WrongLogin_Returns401WithReason(string user, string token)
    {
        await using var sandbox = await Sandbox.StartAsync();
        using var client = sandbox.Client(user, token);

        var answer = await client.ReadAsync("/rest/api/3/myself");

        Assert.Equal(401, answer.Status);
        Assert.Equal("AUTHENTICATED_FAILED", answer.Headers.GetValues("X-Seraph-LoginReason").Single());
    }

    [Fact]
    public async Task Anonymous_OnlyServerInfoAnswers()
    {
        await using var sandbox = await Sandbox.StartAsync();

        Assert.Equal(401, (await sandbox.Nobody.ReadAsync("/rest/api/3/myself")).Status);
        Assert.Equal(401, (await sandbox.Nobody.ReadAsync("/rest/api/3/issue/TEST-1")).Status);
        var info = await sandbox.Nobody.ReadAsync("/rest/api/3/serverInfo");
        Assert.Equal(200, info.Status);
        Assert.Equal("Cloud", info.Json["deploymentType"]!.GetValue<string>());
        Assert.Equal(sandbox.Url, info.Json["baseUrl"]!.GetValue<string>());
    }

    [Fact]
    public async Task Users_ConfiguredWithOneAccount_ShareIt()
    {
        await using var sandbox = await Sandbox.StartAsync(
            ("Sandbox__Users__0__Email", "shared@example.invalid"), ("Sandbox__Users__0__ApiToken", "one"), ("Sandbox__Users__0__AccountId", "shared"));
        using var shared = sandbox.Client("shared@example.invalid", "one");

        Assert.Equal("shared", (await shared.ReadAsync("/rest/api/3/myself")).Json["accountId"]!.GetValue<string>());
        Assert.Equal(401, (await sandbox.Bot.ReadAsync("/rest/api/3/myself")).Status);
    }

    [Theory]
    [InlineData("Cloud", "3", 404)]
    [InlineData("DataCenter", "2", 403)]
    public async Task RolesAndGroups_OfTheSettings_AreToldToAdministratorsOnly(string deployment, string version, int refusal)
    {
        await using var sandbox = await Sandbox.StartAsync(
            ("Sandbox__Deployment", deployment), ("Sandbox__Users__1__Groups__0", "leads"), ("Sandbox__Users__1__Roles__0", "Users"),
            ("Sandbox__Users__0__AccountId", "rita"), ("Sandbox__Users__1__AccountId", "bot"));
        var role = $"/rest/api/{version}/project/TEST/role";

        var developers = await sandbox.Reporter.ReadAsync($"{role}/10003");
        var administrators = await sandbox.Reporter.ReadAsync($"{role}/10002");
        var user = await sandbox.Reporter.ReadAsync($"/rest/api/{version}/user?{(version == "3" ? "accountId" : "username")}=bot&expand=groups");

        Assert.Equal(["Rita Reporter"], developers.Json["actors"]!.AsArray().Select(actor => actor!["displayName"]!.GetValue<string>()));
        Assert.Contains("jira-administrators", administrators.Body, StringComparison.Ordinal);
        Assert.Contains(user.Json["groups"]!["items"]!.AsArray(), group => group!["name"]!.GetValue<string>() == "leads");
        Assert.Equal(refusal, (await sandbox.Bot.ReadAsync(role)).Status);
        Assert.Equal(refusal, (await sandbox.Bot.ReadAsync($"{role}/10003")).Status);
    }

    [Fact]
    public async Task UserSearch_ByNameOrEmail_HidesEmail()
    {
        await using var sandbox = await Sandbox.StartAsync();

        var found = (await sandbox.Bot.ReadAsync("/rest/api/3/user/search?query=rita")).Json.AsArray();

        Assert.Equal("sandbox-rita", Assert.Single(found)!["accountId"]!.GetValue<string>());
        Assert.Null(found[0]!["emailAddress"]);
    }

    [Fact]
    public async Task UnknownPath_Returns404AsJson()
    {
        await using var sandbox = await Sandbox.StartAsync();

        var answer = await sandbox.Bot.ReadAsync("/rest/api/3/nothing/here");

        Assert.Equal(404, answer.Status);
        Assert.NotNull(answer.Json["errorMessages"]);
    }

    [Fact]
    public async Task Body_NotJson_Returns400()
    {
        await using var sandbox = await Sandbox.StartAsync();
        using var content = new StringContent("{nonsense", System.Text.Encoding.UTF8, "application/json");

        using var response = await sandbox.Bot.PostAsync("/rest/api/3/issue", content);

        Assert.Equal(400, (int)response.StatusCode);
        Assert.NotNull(JsonNode.Parse(await response.Content.ReadAsStringAsync())!["errorMessages"]);
    }
}
