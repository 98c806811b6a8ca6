namespace AgentSquad.Atlassian.Jira;

/// <summary>Further writes that a reader sees exactly once, however often they are asked for.</summary>
public interface ISiteEffects : ITicketEffects
{
    /// <summary>Moves the ticket by override, name or category; never backwards, never through a screen.</summary>
    Task<TransitionOutcome> EnsureStatusAsync(string issueId, StatusTarget target, CancellationToken cancellationToken);

    /// <summary>Makes sure that a ticket has exactly one sub-task of a key; found through its parent, never through search.</summary>
    /// <param name="parentId">Id of the parent.</param>
    /// <param name="draft">The sub-task; <see cref="TicketDraft.ParentKey"/> is required.</param>
    /// <param name="effect">What marks it; <see cref="CommentEffect.Key"/> is unique within the parent.</param>
    /// <param name="cancellationToken">Cancels the work; the effect may or may not have happened.</param>
    Task<TicketReference> EnsureSubtaskAsync(string parentId, TicketDraft draft, CommentEffect effect, CancellationToken cancellationToken);

    /// <summary>Makes sure that two tickets are linked once.</summary>
    Task EnsureLinkAsync(string typeName, string inwardKey, string outwardKey, CancellationToken cancellationToken);

    /// <summary>Makes sure that a ticket has one link of the global id, leading where it should.</summary>
    Task EnsureRemoteLinkAsync(string issueId, RemoteLink link, CancellationToken cancellationToken);

    /// <summary>Makes sure that a file is attached once. Its name on the ticket carries a hash of its content.</summary>
    Task<TicketAttachment> EnsureAttachmentAsync(string issueId, string fileName, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>
    /// Makes sure that the site has one webhook of the draft's name, as the draft says; needs administrator rights. One that is there is
    /// changed, because a stored secret cannot be compared; others of the same name are deleted.
    /// </summary>
    Task<JiraWebhookRegistration> EnsureWebhookAsync(JiraWebhookDraft draft, CancellationToken cancellationToken);
}
