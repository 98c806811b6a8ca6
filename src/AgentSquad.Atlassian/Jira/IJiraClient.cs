using System.Globalization;
using AgentSquad.Core.Tickets;

namespace AgentSquad.Atlassian.Jira;

/// <summary>One Jira site, whatever its dialect. Text is Markdown on this side; the dialect converts.</summary>
/// <remarks>
/// Every method throws <see cref="JiraException"/> when the site refuses or stays unreachable after the client's own retries. Reads are
/// retried; writes are sent once, because their outcome is unknown after a lost answer: use <see cref="ITicketEffects"/> for those.
/// </remarks>
public interface IJiraClient
{
    /// <summary>The account that the credentials belong to.</summary>
    Task<Person> GetMyselfAsync(CancellationToken cancellationToken);

    /// <summary>Reads a ticket, with the fields that <see cref="JiraOptions.TicketFields"/> names in <see cref="Ticket.Fields"/>.</summary>
    /// <param name="issueIdOrKey">Id (preferred) or key.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    Task<Ticket> GetTicketAsync(string issueIdOrKey, CancellationToken cancellationToken);

    /// <summary>All comments of a ticket, oldest first, with the effect marker of those that carry one.</summary>
    Task<IReadOnlyList<TicketComment>> GetCommentsAsync(string issueIdOrKey, CancellationToken cancellationToken);

    /// <summary>One comment, or null when it is gone.</summary>
    Task<TicketComment?> GetCommentAsync(string issueIdOrKey, string commentId, CancellationToken cancellationToken);

    /// <summary>
    /// Adds a comment. Not idempotent. A text over the site's limit is attached as a file, and the comment shows its beginning. One that only
    /// some may read goes on in further comments for the same people instead, because everyone may open a file; the first is returned.
    /// </summary>
    Task<TicketComment> AddCommentAsync(string issueIdOrKey, CommentDraft draft, CancellationToken cancellationToken);

    /// <summary>
    /// Replaces a comment's text; quiet where the site can (<c>notifyUsers=false</c>). A text over the limit is treated as by
    /// <see cref="AddCommentAsync"/>; further comments are found again by the draft's effect, and written anew without one.
    /// </summary>
    Task UpdateCommentAsync(string issueIdOrKey, string commentId, CommentDraft draft, CancellationToken cancellationToken);

    /// <summary>Deletes a comment; one that is gone already is fine.</summary>
    Task DeleteCommentAsync(string issueIdOrKey, string commentId, CancellationToken cancellationToken);

    /// <summary>The transitions that the account may do now.</summary>
    Task<IReadOnlyList<JiraTransition>> GetTransitionsAsync(string issueIdOrKey, CancellationToken cancellationToken);

    /// <summary>Does a transition. Not idempotent.</summary>
    Task TransitionAsync(string issueIdOrKey, string transitionId, CancellationToken cancellationToken);

    /// <summary>
    /// Whether a person is in a group of the site. Never throws because the account may not ask: that is <see cref="MembershipResult.CannotCheck"/>.
    /// </summary>
    /// <param name="accountId">Account id (user name on Data Center).</param>
    /// <param name="group">Name or id of the group; compared without case.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    Task<MembershipAnswer> IsInGroupAsync(string accountId, string group, CancellationToken cancellationToken);

    /// <summary>
    /// Whether a person has a role in a project, directly or through a group. Never throws because the account may not ask: that is
    /// <see cref="MembershipResult.CannotCheck"/>.
    /// </summary>
    /// <param name="projectKey">The project.</param>
    /// <param name="accountId">Account id (user name on Data Center).</param>
    /// <param name="role">Name or id of the role; compared without case.</param>
    /// <param name="cancellationToken">Cancels the requests.</param>
    Task<MembershipAnswer> IsInProjectRoleAsync(string projectKey, string accountId, string role, CancellationToken cancellationToken);
}

/// <summary>Writes that a reader of the ticket sees exactly once, however often they are asked for (keyed, looked up before and after).</summary>
public interface ITicketEffects
{
    /// <summary>
    /// Makes sure that exactly one comment with the draft's effect key is on the ticket, with the draft's text, and returns its id. After an
    /// unknown outcome it waits out the request, looks up, then writes, looks again and deletes all but the oldest of the same key. Comments of
    /// other accounts that carry the key are forged: they are neither counted nor touched.
    /// </summary>
    /// <param name="issueId">Id of the ticket.</param>
    /// <param name="draft">The comment; <see cref="CommentDraft.Effect"/> is required.</param>
    /// <param name="knownCommentId">The id from an earlier call, when the run has it: saves the look-up.</param>
    /// <param name="cancellationToken">Cancels the work; the effect may or may not have happened.</param>
    Task<string> EnsureCommentAsync(string issueId, CommentDraft draft, string? knownCommentId, CancellationToken cancellationToken);

    /// <summary>
    /// Moves the ticket to a status unless it is there already; never backwards, never through a screen.
    /// </summary>
    /// <param name="issueId">Id of the ticket.</param>
    /// <param name="statusName">Name of the target status; compared without case.</param>
    /// <param name="cancellationToken">Cancels the work; the effect may or may not have happened.</param>
    Task<TransitionOutcome> EnsureStatusAsync(string issueId, string statusName, CancellationToken cancellationToken);
}

/// <summary>A comment as read from a site.</summary>
/// <param name="Id">Comment id.</param>
/// <param name="Author">Who wrote it; null when the account is gone.</param>
/// <param name="Text">Markdown.</param>
/// <param name="Created">When it was written.</param>
/// <param name="Updated">When it was last edited.</param>
/// <param name="Effect">The app's marker, read from the comment property; null on comments of people. Anyone can copy it: it proves nothing without <paramref name="Author"/>.</param>
/// <param name="Visibility">Who may read it; null means everyone who may read the ticket.</param>
public sealed record TicketComment(
    string Id,
    Person? Author,
    string Text,
    DateTimeOffset Created,
    DateTimeOffset Updated,
    CommentEffect? Effect,
    CommentVisibility? Visibility)
{
    /// <summary>Whether customers of a service desk do not see it. Where there is no service desk it is false.</summary>
    public bool IsInternal { get; init; }
}

/// <summary>A comment to write.</summary>
/// <param name="Text">Markdown.</param>
/// <param name="Effect">The marker to store with it.</param>
/// <param name="Visibility">Who may read it; null means everyone who may read the ticket.</param>
public sealed record CommentDraft(string Text, CommentEffect? Effect = null, CommentVisibility? Visibility = null)
{
    /// <summary>Hides the comment from customers of a service desk. Default is false; without a service desk it changes nothing.</summary>
    public bool IsInternal { get; init; }
}

/// <summary>The value of the comment property <c>agentsquad</c>: which effect of which run a comment is.</summary>
/// <param name="Key">Deterministic key of the effect, unique within a ticket.</param>
/// <param name="Instance">Instance id of the run.</param>
/// <param name="Kind">status, question, approval, reminder, delivery, failure or reply.</param>
public sealed record CommentEffect(string Key, string Instance, string Kind)
{
    /// <summary>Key of the comment property.</summary>
    public const string PropertyKey = "agentsquad";

    /// <summary>Stands in the key before the number of a further comment, which a long text needs.</summary>
    internal const string PartMark = "#part-";

    /// <summary>The effect of one of the comments that a long text is split into; the first keeps the key.</summary>
    internal CommentEffect Part(int index) => index == 0 ? this : this with { Key = string.Create(CultureInfo.InvariantCulture, $"{Key}{PartMark}{index + 1}") };

    /// <summary>Whether it is the same effect of the same run, whatever its kind.</summary>
    internal bool IsSame(CommentEffect other) => Key == other.Key && Instance == other.Instance;
}

/// <summary>Restricts a comment to a role or group.</summary>
/// <param name="Type"><c>role</c> or <c>group</c>.</param>
/// <param name="Value">Name of the role or group.</param>
public sealed record CommentVisibility(string Type, string Value);

/// <summary>A transition that is open now.</summary>
/// <param name="Id">Id within the workflow; never cached across tickets.</param>
/// <param name="Name">Name of the transition.</param>
/// <param name="To">Where it leads.</param>
/// <param name="HasScreen">Whether it asks a person for fields.</param>
public sealed record JiraTransition(string Id, string Name, TicketStatus To, bool HasScreen);

/// <summary>What came of asking for a status.</summary>
public enum TransitionOutcome
{
    /// <summary>The ticket was moved.</summary>
    Moved,

    /// <summary>It was there already.</summary>
    AlreadyThere,

    /// <summary>No open transition leads there (wrong name, missing right, or only through a screen).</summary>
    NotPossible,

    /// <summary>It would have been a step backwards, so nothing was done.</summary>
    WouldGoBack,
}
