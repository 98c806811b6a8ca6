using System.Text.Json.Nodes;
using AgentSquad.Atlassian.Jira;
using AgentSquad.Atlassian.Tests.Fakes;

namespace AgentSquad.Atlassian.Tests.Jira;

/// <summary>Groups and project roles in both dialects: yes, no, and a clear word where the site does not tell.</summary>
public sealed class MembershipTests : IAsyncDisposable
{
    private readonly FakeSite _site = new();

    private readonly Dictionary<string, JsonNode> _answers = new()
    {
        ["/rest/api/3/user/groups?accountId=rita"] = new JsonArray(new JsonObject { ["name"] = "Leads", ["groupId"] = "g-1" }),
        ["/rest/api/3/project/TEST/role"] = Roles("3"),
        ["/rest/api/3/project/TEST/role/10003"] = new JsonObject
        {
            ["actors"] = new JsonArray(
                new JsonObject { ["type"] = "atlassian-user-role-actor", ["actorUser"] = new JsonObject { ["accountId"] = "dora" } },
                new JsonObject { ["type"] = "atlassian-group-role-actor", ["actorGroup"] = new JsonObject { ["name"] = "leads", ["groupId"] = "g-1" } }),
        },
        ["/rest/api/2/user?username=rita&expand=groups"] = Groups(1),
        ["/rest/api/2/project/TEST/role"] = Roles("2"),
        ["/rest/api/2/project/TEST/role/10003"] = new JsonObject
        {
            ["actors"] = new JsonArray(
                new JsonObject { ["type"] = "atlassian-user-role-actor", ["name"] = "dora" },
                new JsonObject { ["type"] = "atlassian-group-role-actor", ["name"] = "leads" }),
        },
    };

    public MembershipTests() => _site.Intercept = async (context, request) =>
    {
        if (!_answers.TryGetValue(request.Path + request.Query, out var answer)) return false;
        await FakeSite.WriteAsync(context, 200, answer);
        return true;
    };

    public async ValueTask DisposeAsync() => await _site.DisposeAsync();

    [Theory]
    [InlineData("Cloud", "leads", MembershipResult.Member)]
    [InlineData("Cloud", "g-1", MembershipResult.Member)]
    [InlineData("Cloud", "others", MembershipResult.NotMember)]
    [InlineData("DataCenter", "leads", MembershipResult.Member)]
    [InlineData("DataCenter", "others", MembershipResult.NotMember)]
    public async Task IsInGroup_SiteTells_Says(string deployment, string group, MembershipResult expected)
    {
        await using var jira = new JiraUnderTest(_site.Address, ("Jira:Deployment", deployment));

        Assert.Equal(new MembershipAnswer(expected), await jira.Client.IsInGroupAsync("rita", group, default));
    }

    [Theory]
    [InlineData("Cloud", "dora", "developers", MembershipResult.Member)]
    [InlineData("Cloud", "rita", "10003", MembershipResult.Member)]
    [InlineData("DataCenter", "dora", "Developers", MembershipResult.Member)]
    [InlineData("DataCenter", "rita", "Developers", MembershipResult.Member)]
    public async Task IsInProjectRole_DirectlyOrThroughAGroup_IsMember(string deployment, string person, string role, MembershipResult expected)
    {
        await using var jira = new JiraUnderTest(_site.Address, ("Jira:Deployment", deployment));

        Assert.Equal(new MembershipAnswer(expected), await jira.Client.IsInProjectRoleAsync("TEST", person, role, default));
    }

    [Fact]
    public async Task IsInProjectRole_NeitherPersonNorGroup_IsNotMember()
    {
        _answers["/rest/api/3/user/groups?accountId=otto"] = new JsonArray();
        await using var jira = new JiraUnderTest(_site.Address);

        Assert.Equal(new MembershipAnswer(MembershipResult.NotMember), await jira.Client.IsInProjectRoleAsync("TEST", "otto", "Developers", default));
    }

    [Theory]
    [InlineData(403)]
    [InlineData(404)]
    public async Task IsInGroupAndRole_SiteDoesNotTell_SaysThatAndTheFix(int status)
    {
        _site.Intercept = async (context, _) =>
        {
            await FakeSite.WriteAsync(context, status, FakeJira.Error("no"));
            return true;
        };
        await using var jira = new JiraUnderTest(_site.Address);

        var group = await jira.Client.IsInGroupAsync("rita", "leads", default);
        var role = await jira.Client.IsInProjectRoleAsync("TEST", "rita", "Developers", default);

        Assert.Equal((MembershipResult.CannotCheck, MembershipResult.CannotCheck), (group.Result, role.Result));
        Assert.Contains("Browse users and groups", group.Reason, StringComparison.Ordinal);
        Assert.Contains("Administer Projects", role.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task IsInProjectRole_UnknownRole_NamesIt()
    {
        await using var jira = new JiraUnderTest(_site.Address);

        var answer = await jira.Client.IsInProjectRoleAsync("TEST", "rita", "Wizards", default);

        Assert.Equal(MembershipResult.CannotCheck, answer.Result);
        Assert.Contains("no role 'Wizards'", answer.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task IsInGroup_SiteTellsOnlySomeGroups_CannotCheck()
    {
        _answers["/rest/api/2/user?username=rita&expand=groups"] = Groups(60);
        await using var jira = new JiraUnderTest(_site.Address, ("Jira:Deployment", "DataCenter"));

        Assert.Equal(MembershipResult.CannotCheck, (await jira.Client.IsInGroupAsync("rita", "others", default)).Result);
        Assert.Equal(MembershipResult.Member, (await jira.Client.IsInGroupAsync("rita", "leads", default)).Result);
    }

    private static JsonObject Roles(string version) => new() { ["Developers"] = $"https://x.example/rest/api/{version}/project/10000/role/10003" };

    private static JsonObject Groups(int size) => new()
    {
        ["name"] = "rita",
        ["groups"] = new JsonObject { ["size"] = size, ["items"] = new JsonArray(new JsonObject { ["name"] = "leads" }) },
    };
}
