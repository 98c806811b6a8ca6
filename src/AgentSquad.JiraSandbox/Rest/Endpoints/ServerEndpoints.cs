using System.Text.Json.Nodes;
using AgentSquad.JiraSandbox.Configuration;
using AgentSquad.JiraSandbox.Rest.Shapes;
using AgentSquad.JiraSandbox.Site;

namespace AgentSquad.JiraSandbox.Rest.Endpoints;

/// <summary>The server itself and its accounts.</summary>
internal static class ServerEndpoints
{
    /// <summary>Maps serverInfo, myself and the user resources.</summary>
    public static void MapServerAndUsers(this RouteGroupBuilder group, SandboxDeployment deployment)
    {
        group.MapGet("/serverInfo", (RestCall call) => Answers.Json(ServerInfo(call)));
        group.MapGet("/myself", (RestCall call) => Answers.Json(Expanded(call, call.Caller)));
        group.MapGet("/user", (RestCall call) => Answers.Json(Expanded(call, FindOne(call))));
        group.MapGet("/user/search", (RestCall call) => Answers.Json(Search(call)));
        group.MapGet("/user/assignable/search", (RestCall call) => Answers.Json(Search(call)));
        if (deployment != SandboxDeployment.Cloud) return;
        group.MapGet("/users/search", (RestCall call) => Answers.Json(Search(call)));
        group.MapGet("/user/groups", (RestCall call) =>
        {
            call.Actions.Demand("USER_PICKER", "You are not authorized to perform this action. Administrator privileges are required.");
            return Answers.Json(Groups(call, FindOne(call)));
        });
    }

    private static JsonObject ServerInfo(RestCall call)
    {
        JsonArray version = call.View.IsCloud ? [1001, 0, 0] : [9, 12, 0];
        return new JsonObject
        {
            ["baseUrl"] = call.View.BaseUrl,
            ["version"] = call.View.IsCloud ? "1001.0.0-SNAPSHOT" : "9.12.0",
            ["versionNumbers"] = version,
            ["deploymentType"] = call.View.IsCloud ? "Cloud" : "Server",
            ["buildNumber"] = call.View.IsCloud ? 100_250 : 912_000,
            ["buildDate"] = "2025-01-01T00:00:00.000+0000",
            ["serverTime"] = FieldShapes.Time(call.Http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow()),
            ["scmInfo"] = "sandbox",
            ["serverTitle"] = "Jira sandbox",
        };
    }

    private static JsonObject Expanded(RestCall call, SiteUser user)
    {
        var shape = UserShape.Of(call.View, user, withEmail: user.AccountId == call.Caller.AccountId);
        shape["locale"] = "en_US";
        var groups = Groups(call, user);
        shape["groups"] = new JsonObject { ["size"] = groups.Count, ["items"] = Asked(call, "groups") ? groups : new JsonArray() };
        shape["applicationRoles"] = new JsonObject { ["size"] = 1, ["items"] = new JsonArray() };
        shape["expand"] = "groups,applicationRoles";
        return shape;
    }

    private static bool Asked(RestCall call, string name) => call.QueryList("expand").Contains(name);

    private static JsonArray Groups(RestCall call, SiteUser user) => new([.. user.Groups.Select(group =>
    {
        var shape = new JsonObject { ["name"] = group, ["self"] = call.View.Self($"group?groupname={Uri.EscapeDataString(group)}") };
        if (call.View.IsCloud) shape["groupId"] = group;
        return shape;
    })]);

    private static SiteUser FindOne(RestCall call)
    {
        var id = call.View.IsCloud ? call.Query("accountId") : call.Query("key") ?? call.Query("username");
        if (string.IsNullOrEmpty(id))
            throw new JiraRefusal(call.View.IsCloud ? "The query parameter 'accountId' is required." : "Either the 'username' or the 'key' query parameters need to be provided.");
        return call.Site.Users.Find(user => user.AccountId == id || (!call.View.IsCloud && user.Name == id))
            ?? throw JiraRefusal.NotFound(call.View.IsCloud
                ? "Specified user does not exist or you do not have required permissions" : $"The user named '{id}' does not exist");
    }

    private static JsonArray Search(RestCall call)
    {
        var text = call.Query("query") ?? call.Query("username") ?? "";
        var accountId = call.Query("accountId");
        if (text.Length == 0 && accountId is null && !call.Http.Request.Path.Value!.EndsWith("assignable/search", StringComparison.Ordinal)
            && !call.Http.Request.Path.Value!.EndsWith("users/search", StringComparison.Ordinal))
            throw new JiraRefusal("The query parameter 'query' or 'accountId' is required.");
        var found = call.Site.Users.Where(user => accountId is not null
            ? user.AccountId == accountId
            : Fits(user.DisplayName, text) || Fits(user.Email, text) || (!call.View.IsCloud && Fits(user.Name, text)));
        return new JsonArray([.. found.Where(user => user.Active)
            .Skip(call.Query("startAt", 0, 0, int.MaxValue)).Take(call.Query("maxResults", 50, 0, 1000))
            .Select(user => UserShape.Of(call.View, user, withEmail: false))]);
    }

    // Jira matches the start of the whole or of a word in it.
    private static bool Fits(string value, string query) =>
        query is "" or "." or "%" || value.Split(' ', '@', '.').Any(word => word.StartsWith(query, StringComparison.OrdinalIgnoreCase))
        || value.StartsWith(query, StringComparison.OrdinalIgnoreCase);
}
