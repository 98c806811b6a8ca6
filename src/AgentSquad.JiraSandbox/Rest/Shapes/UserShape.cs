using System.Text.Json.Nodes;
using AgentSquad.JiraSandbox.Site;

namespace AgentSquad.JiraSandbox.Rest.Shapes;

/// <summary>Accounts as JSON.</summary>
internal static class UserShape
{
    /// <summary>An account; on Cloud the e-mail address is shown only where asked for, as most users hide it.</summary>
    public static JsonObject? Of(View view, string? accountId, bool withEmail = false) =>
        accountId is not null && view.Site.Users.Find(user => user.AccountId == accountId) is { } user ? Of(view, user, withEmail) : null;

    /// <inheritdoc cref="Of(View, string?, bool)"/>
    public static JsonObject Of(View view, SiteUser user, bool withEmail = false)
    {
        var avatar = $"{view.BaseUrl}/avatars/{Uri.EscapeDataString(user.AccountId)}.svg";
        var avatars = new JsonObject { ["48x48"] = avatar, ["24x24"] = avatar, ["16x16"] = avatar, ["32x32"] = avatar };
        var shape = new JsonObject();
        if (view.IsCloud)
        {
            shape["self"] = view.Self($"user?accountId={Uri.EscapeDataString(user.AccountId)}");
            shape["accountId"] = user.AccountId;
            shape["accountType"] = "atlassian";
            if (withEmail) shape["emailAddress"] = user.Email;
        }
        else
        {
            shape["self"] = view.Self($"user?username={Uri.EscapeDataString(user.Name)}");
            shape["key"] = user.AccountId;
            shape["name"] = user.Name;
            shape["emailAddress"] = user.Email;
        }

        shape["avatarUrls"] = avatars;
        shape["displayName"] = user.DisplayName;
        shape["active"] = user.Active;
        shape["timeZone"] = "Etc/UTC";
        return shape;
    }
}
