using System.Text.Json;
using AgentSquad.JiraSandbox.Configuration;

namespace AgentSquad.JiraSandbox.Site;

/// <summary>What a site starts with.</summary>
internal static class SiteSetup
{
    /// <summary>How the data file is written.</summary>
    public static JsonSerializerOptions FileFormat { get; } = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>A site with the TEST project and no tickets.</summary>
    public static SiteModel NewSite()
    {
        var site = new SiteModel { IssueTypes = [.. Catalogue.IssueTypes] };
        AddProject(site, Catalogue.DefaultProjectKey, "Test project", "10000");
        return site;
    }

    /// <summary>Adds a project with the components that a small team would have.</summary>
    public static SiteProject AddProject(SiteModel site, string key, string name, string? id = null)
    {
        var project = new SiteProject
        {
            Id = id is not null && site.Projects.TrueForAll(other => other.Id != id) ? id : $"{10_000 + site.Projects.Count + 100}",
            Key = key,
            Name = name,
            Components = [new(site.NextId(), "Backend"), new(site.NextId(), "Frontend"), new(site.NextId(), "Infrastructure")],
            Roles = Catalogue.Roles.ToDictionary(role => role.Name, _ => site.Users.Where(Works).Select(user => user.AccountId).ToList()),
            RoleGroups = new() { ["Administrators"] = [Catalogue.AdministratorsGroup] },
        };
        site.Projects.Add(project);
        return project;
    }

    /// <summary>Adds a ticket type.</summary>
    public static SiteIssueType AddIssueType(SiteModel site, string name, string description)
    {
        var type = new SiteIssueType($"{10_000 + site.IssueTypes.Count}", name, description, Subtask: false, HierarchyLevel: 0);
        site.IssueTypes.Add(type);
        return type;
    }

    /// <summary>Adds a component to a project.</summary>
    public static SiteComponent AddComponent(SiteModel site, SiteProject project, string name)
    {
        var component = new SiteComponent(site.NextId(), name);
        project.Components.Add(component);
        return component;
    }

    /// <summary>Brings the accounts and the webhook of the settings into the site.</summary>
    public static void ApplyOptions(SiteModel site, SandboxOptions options)
    {
        foreach (var wanted in options.Users)
        {
            var user = site.Users.Find(user => user.AccountId == wanted.AccountId);
            if (user is null)
            {
                user = new SiteUser { AccountId = wanted.AccountId, Name = wanted.AccountId, DisplayName = wanted.DisplayName };
                site.Users.Add(user);
            }

            user.DisplayName = wanted.DisplayName;
            user.Email = wanted.Email;
            user.Active = true;
            user.Groups = [Catalogue.UsersGroup];
            if (wanted.Administrator == true) user.Groups.Add(Catalogue.AdministratorsGroup);
            user.Groups.AddRange(wanted.Groups.Except(user.Groups, StringComparer.OrdinalIgnoreCase).ToList());
            foreach (var (name, members) in site.Projects.SelectMany(project => project.Roles))
            {
                members.Remove(user.AccountId);
                if (wanted.Roles.Count == 0 || wanted.Roles.Contains(name, StringComparer.OrdinalIgnoreCase)) members.Add(user.AccountId);
            }
        }

        if (options.Webhook.Url is { Length: > 0 } url) SetWebhook(site, url, options.Webhook.Secret ?? "");
    }

    /// <summary>Sets the site's own webhook, the one of the settings and of the admin route.</summary>
    public static void SetWebhook(SiteModel site, string url, string secret)
    {
        site.Webhooks.RemoveAll(webhook => webhook.Id == "1");
        site.Webhooks.Insert(0, new SiteWebhook { Id = "1", Name = "Sandbox settings", Url = url, Secret = secret });
    }

    private static bool Works(SiteUser user) => user.Groups.Contains(Catalogue.UsersGroup);
}
