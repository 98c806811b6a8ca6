using System.Globalization;
using System.Net;

using Microsoft.Extensions.Logging;

namespace AgentSquad.Atlassian.Jira;

internal sealed partial class TicketEffects
{
    public async Task<string> EnsureCommentAsync(
        string issueId, CommentDraft draft, string? knownCommentId, CancellationToken cancellationToken)
    {
        if (draft.Effect is not { } effect) throw new ArgumentException("The comment needs an effect key to be found again.", nameof(draft));

        var parts = splitter.Split(draft.Text);
        var drafts = parts.Select((text, index) => draft with { Text = text, Effect = PartOf(effect, index) }).ToList();
        if (knownCommentId is not null && parts.Count == 1 && await TryEditAsync(issueId, knownCommentId, drafts[0], cancellationToken))
        {
            return knownCommentId;
        }

        string? first = null;
        foreach (var part in drafts)
        {
            var id = await EnsurePartAsync(issueId, part, cancellationToken);
            first ??= id;
        }

        await DeletePartsFromAsync(issueId, effect, drafts.Count, cancellationToken);
        return first!;
    }

    private async Task<bool> TryEditAsync(string issueId, string commentId, CommentDraft draft, CancellationToken cancellationToken)
    {
        try
        {
            await EditAsync(issueId, commentId, draft, cancellationToken);
            return true;
        }
        catch (JiraException error) when (error.StatusCode == HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    private async Task<string> EnsurePartAsync(string issueId, CommentDraft draft, CancellationToken cancellationToken)
    {
        if (await FindOneAsync(issueId, draft.Effect!, cancellationToken) is { } found)
        {
            if (found.Text != splitter.AsRead(draft.Text)) await EditAsync(issueId, found.Id, draft, cancellationToken);
            return found.Id;
        }

        var (written, wasUnsure) = await OnceAsync(
            token => jira.AddCommentAsync(issueId, draft, token),
            async token => await FindOneAsync(issueId, draft.Effect!, token),
            cancellationToken);

        // A write that was given up may still land: after an unsure one the last look waits for it.
        if (wasUnsure) await Task.Delay(LateWriteWait, time, cancellationToken);
        var survivor = await FindOneAsync(issueId, draft.Effect!, cancellationToken) ?? written;
        return survivor.Id;
    }

    /// <summary>The oldest comment of a key; younger ones of the same key are deleted.</summary>
    private async Task<TicketComment?> FindOneAsync(string issueId, CommentEffect effect, CancellationToken cancellationToken)
    {
        var mine = (await jira.GetCommentsAsync(issueId, cancellationToken)).Where(comment => IsSame(comment.Effect, effect)).ToList();
        foreach (var surplus in mine.Skip(1))
        {
            logger.LogInformation("Deleting comment {Comment} of ticket {Ticket}: it says {Key} a second time.", surplus.Id, issueId, effect.Key);
            await jira.DeleteCommentAsync(issueId, surplus.Id, cancellationToken);
        }

        return mine.FirstOrDefault();
    }

    private Task EditAsync(string issueId, string commentId, CommentDraft draft, CancellationToken cancellationToken) =>
        AgainAsync(token => jira.UpdateCommentAsync(issueId, commentId, draft, token), cancellationToken);

    /// <summary>Deletes the parts that a shorter text no longer has.</summary>
    private async Task DeletePartsFromAsync(string issueId, CommentEffect effect, int count, CancellationToken cancellationToken)
    {
        foreach (var comment in await jira.GetCommentsAsync(issueId, cancellationToken))
        {
            if (comment.Effect is { Key: var key, Instance: var instance } && instance == effect.Instance && key.StartsWith(effect.Key + PartMark, StringComparison.Ordinal)
                && int.TryParse(key.AsSpan(effect.Key.Length + PartMark.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var part)
                && part > count)
            {
                await jira.DeleteCommentAsync(issueId, comment.Id, cancellationToken);
            }
        }
    }

    private const string PartMark = "#part-";

    private static bool IsSame(CommentEffect? one, CommentEffect other) => one?.Key == other.Key && one.Instance == other.Instance;

    private static CommentEffect PartOf(CommentEffect effect, int index) =>
        index == 0 ? effect : effect with { Key = string.Create(CultureInfo.InvariantCulture, $"{effect.Key}{PartMark}{index + 1}") };
}
