using System.Text.Json.Nodes;
using AgentSquad.JiraSandbox.Actions;
using AgentSquad.JiraSandbox.Rest.Shapes;
using AgentSquad.JiraSandbox.Site;

namespace AgentSquad.JiraSandbox.Rest.Endpoints;

/// <summary>Groups and project roles.</summary>
internal static class PeopleEndpoints
{
    /// <summary>Maps the group and role resources.</summary>
    public static void MapPeople(this RouteGroupBuilder group)
    {
        group.MapGet("/groups/picker", (RestCall call) =>
        {
            var (query, mayBrowse) = (call.Query("query") ?? "", Permissions.Has(call.Site, call.Caller, "USER_PICKER"));
            var found = Groups(call).Where(name => mayBrowse ? name.Contains(query, StringComparison.OrdinalIgnoreCase) : name.Equals(query, StringComparison.OrdinalIgnoreCase)).ToList();
            return Answers.Json(new JsonObject
            {
                ["header"] = $"Showing {found.Count} of {found.Count} matching groups",
                ["total"] = found.Count,
                ["groups"] = new JsonArray([.. found.Select(name =>
                {
                    var shape = new JsonObject { ["name"] = name, ["html"] = name, ["labels"] = new JsonArray() };
                    if (call.View.IsCloud) shape["groupId"] = name;
                    return shape;
                })]),
            });
        });
        group.MapGet("/group/member", (RestCall call) =>
        {
            var name = call.Query("groupname") ?? call.Query("groupId");
            if (!Groups(call).Contains(name)) throw JiraRefusal.NotFound($"The group named '{name}' does not exist.");
            var members = call.Site.Users.FindAll(user => user.Groups.Contains(name!));
            return Answers.Json(Answers.Page(call, members.ConvertAll(user => UserShape.Of(call.View, user, withEmail: false))));
        });
        group.MapGet("/role", (RestCall call) =>
            Answers.Json(new JsonArray([.. Catalogue.Roles.Select(role => Role(call, role, call.Site.Projects[0], withActors: false))])));
        group.MapGet("/project/{idOrKey}/role", (string idOrKey, RestCall call) =>
        {
            var project = Project(call, idOrKey);
            DemandAdministration(call);
            return Answers.Json(new JsonObject(Catalogue.Roles.Select(role =>
                KeyValuePair.Create<string, JsonNode?>(role.Name, call.View.Self($"project/{project.Id}/role/{role.Id}")))));
        });
        group.MapGet("/project/{idOrKey}/role/{id}", (string idOrKey, string id, RestCall call) =>
        {
            DemandAdministration(call);
            var role = Catalogue.Roles.FirstOrDefault(role => role.Id == id) ?? throw JiraRefusal.NotFound($"Can not retrieve a role actor for a null project role.");
            return Answers.Json(Role(call, role, Project(call, idOrKey), withActors: true));
        });
    }

    private static IEnumerable<string> Groups(RestCall call) => call.Site.Users.SelectMany(user => user.Groups).Distinct().Order(StringComparer.Ordinal);

    private static SiteProject Project(RestCall call, string idOrKey) =>
        call.Site.FindProject(idOrKey) ?? throw JiraRefusal.NotFound($"No project could be found with key '{idOrKey}'.");

    // Cloud hides what the account may not see, Data Center says so.
    private static void DemandAdministration(RestCall call)
    {
        if (Permissions.Has(call.Site, call.Caller, "ADMINISTER_PROJECTS")) return;
        const string message = "You cannot edit the configuration of this project.";
        throw call.View.IsCloud ? JiraRefusal.NotFound(message) : JiraRefusal.Forbidden(message);
    }

    private static JsonObject Role(RestCall call, SiteRole role, SiteProject project, bool withActors)
    {
        var shape = new JsonObject
        {
            ["self"] = call.View.Self(withActors ? $"project/{project.Id}/role/{role.Id}" : $"role/{role.Id}"),
            ["name"] = role.Name,
            ["id"] = long.Parse(role.Id),
            ["description"] = role.Description,
        };
        if (!withActors) return shape;
        var members = call.Site.Users.Where(user => project.Roles.GetValueOrDefault(role.Name)?.Contains(user.AccountId) == true);
        var groups = project.RoleGroups.GetValueOrDefault(role.Name) ?? [];
        shape["actors"] = new JsonArray(
        [
            .. members.Select((user, index) => Actor(10_100 + index, "atlassian-user-role-actor", user.DisplayName, user.Name,
                call.View.IsCloud ? new("actorUser", new JsonObject { ["accountId"] = user.AccountId }) : null)),
            .. groups.Select((name, index) => Actor(10_200 + index, "atlassian-group-role-actor", name, name,
                call.View.IsCloud ? new("actorGroup", new JsonObject { ["name"] = name, ["displayName"] = name, ["groupId"] = name }) : null)),
        ]);
        return shape;
    }

    // Data Center names the actor itself, Cloud only what stands behind it.
    private static JsonObject Actor(int id, string type, string displayName, string name, KeyValuePair<string, JsonNode?>? behind)
    {
        var actor = new JsonObject { ["id"] = id, ["displayName"] = displayName, ["type"] = type };
        if (behind is { } cloud) actor[cloud.Key] = cloud.Value;
        else actor["name"] = name;
        return actor;
    }
}
