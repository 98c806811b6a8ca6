using AgentSquad.Atlassian.Confluence;
using AgentSquad.Atlassian.Jira;
using AgentSquad.Atlassian.Jira.Http;

namespace AgentSquad.Atlassian.Diagnostics;

/// <summary>Whether delivery pages have a space to go to.</summary>
internal sealed class ConfluenceCheck(IConfluenceClient confluence, ConfluenceOptions options, SiteAccess access)
{
    private const string Check = "confluence.space";
    private const string SpaceSetting = "Confluence__SpaceKey";

    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        if (options.SpaceKey.Trim().Length == 0)
        {
            return [Finding.Warning(
                Check, "Confluence__BaseUrl is set, but no space: no page is written.", "Set Confluence__SpaceKey, or remove Confluence__BaseUrl.", SpaceSetting)];
        }

        try
        {
            if (await confluence.GetSpaceAsync(options.SpaceKey.Trim(), cancellationToken) is not { } space)
            {
                return [Finding.Error(
                    Check,
                    $"{options.Site} has no space with the key {options.SpaceKey}, or the account may not see it.",
                    "Set Confluence__SpaceKey to the key that the space's address shows after /spaces/ or /display/, and let the account view it and add pages.",
                    SpaceSetting)];
            }

            return await confluence.MayCreatePagesAsync(space, cancellationToken) switch
            {
                false => [Finding.Error(
                    Check, $"The account sees the space {space.Name} ({space.Key}), but may not add pages to it.",
                    "Space settings, Space permissions: let the account or a group of it add pages.", SpaceSetting)],
                true => [Finding.Ok(Check, $"Pages go to the space {space.Name} ({space.Key}), where the account may add them.", SpaceSetting)],
                null => [Finding.Ok(Check, $"Pages go to the space {space.Name} ({space.Key}); whether the account may add them, a Data Center does not tell.", SpaceSetting)],
            };
        }
        catch (JiraException error)
        {
            return [FailureFindings.Of(error, "confluence.token", access)];
        }
    }
}
