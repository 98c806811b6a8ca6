using AgentSquad.Atlassian.Jira;
using AgentSquad.Core.Tickets;

namespace AgentSquad.Atlassian.Tests.Live;

/// <summary>What the fakes promise, asked of a site that is none. Everything that is created is deleted again.</summary>
internal sealed class SiteJourney(LiveSite live)
{
    private static readonly TimeSpan IndexPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly string _marker = $"agentsquad-live-{Guid.NewGuid():N}";

    /// <summary>A ticket from creation to deletion.</summary>
    /// <param name="project">Key of the project.</param>
    /// <param name="type">Name of the issue type.</param>
    public async Task TicketAsync(string project, string type)
    {
        var draft = new TicketDraft(project, type, $"AgentSquad live test {_marker}") { Description = "## Heading\n\n- one\n- **two**", Labels = [_marker] };
        var created = await live.Jira.CreateTicketAsync(draft, default);
        try
        {
            var ticket = await live.Jira.GetTicketAsync(created.Id, default);
            Assert.Equal(created.Key, ticket.Key);
            Assert.Contains(_marker, ticket.Labels);
            Assert.Contains("**two**", ticket.Description, StringComparison.Ordinal);

            await CommentAsync(created.Id);
            await TransitionAsync(ticket);
            await SearchAsync(created.Key);
        }
        finally
        {
            await live.Jira.DeleteTicketAsync(created.Id, default);
        }

        var gone = await Assert.ThrowsAsync<JiraException>(() => live.Jira.GetTicketAsync(created.Id, default));
        Assert.Equal(JiraFailure.NotFound, gone.Failure);
    }

    /// <summary>A page from creation to deletion.</summary>
    /// <param name="spaceKey">Key of the space.</param>
    public async Task PageAsync(string spaceKey)
    {
        var space = await live.Confluence.GetSpaceAsync(spaceKey, default);
        Assert.NotNull(space);
        var page = await live.Confluence.CreatePageAsync(space, $"AgentSquad live test {_marker}", "# First\n\ntext", null, default);
        try
        {
            Assert.Equal(page.Id, (await live.Confluence.FindPageAsync(space, page.Title, default))?.Id);
            await live.Confluence.UpdatePageAsync(page.Id, page.Title, "# Second\n\n- one", default);
            var read = await live.Confluence.GetPageAsync(page.Id, default);
            Assert.Equal(page.Version + 1, read!.Version);
            Assert.Contains("Second", read.Markdown, StringComparison.Ordinal);

            // Found by its title, it is changed and not written a second time.
            Assert.Equal(page.Id, (await live.Confluence.EnsurePageAsync(space, page.Title, "# Third", null, default)).Id);
        }
        finally
        {
            await live.DeletePageAsync(page.Id);
        }
    }

    private async Task CommentAsync(string issueId)
    {
        var effect = new CommentEffect("live/1", "live", "status");
        var id = await live.Effects.EnsureCommentAsync(issueId, new CommentDraft("Written **once**.", effect), null, default);
        Assert.Equal(id, await live.Effects.EnsureCommentAsync(issueId, new CommentDraft("Written **once**, changed.", effect), null, default));
        var comment = Assert.Single(await live.Jira.GetCommentsAsync(issueId, default));
        Assert.Equal(effect, comment.Effect);
        Assert.Contains("changed", comment.Text, StringComparison.Ordinal);
    }

    private async Task TransitionAsync(Ticket ticket)
    {
        var transitions = await live.Jira.GetTransitionsAsync(ticket.Id, default);
        var open = transitions.FirstOrDefault(transition => !transition.HasScreen && transition.To.Id != ticket.Status.Id);
        Assert.True(open is not null, "The project's workflow has no transition without a screen: choose another project for this test.");
        await live.Jira.TransitionAsync(ticket.Id, open.Id, default);
        Assert.Equal(open.To.Id, (await live.Jira.GetTicketAsync(ticket.Id, default)).Status.Id);
    }

    // The index lags behind what was written; how far is up to the site.
    private async Task SearchAsync(string key)
    {
        for (var until = DateTimeOffset.UtcNow + IndexPatience; ; await Task.Delay(Pause))
        {
            var found = new List<string>();
            await foreach (var ticket in live.Jira.SearchAsync($"labels = \"{_marker}\"", default)) found.Add(ticket.Key);
            if (found.Count > 0)
            {
                Assert.Equal([key], found);
                return;
            }

            Assert.True(DateTimeOffset.UtcNow < until, "The search does not find the ticket.");
        }
    }
}
