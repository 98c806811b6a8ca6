using System.Globalization;
using Microsoft.Extensions.Logging;

namespace AgentSquad.Atlassian.Jira;

internal sealed partial class TicketEffects
{
    public async Task<string> EnsureCommentAsync(
        string issueId, CommentDraft draft, string? knownCommentId, CancellationToken cancellationToken)
    {
        if (draft.Effect is not { } effect) throw new ArgumentException("The comment needs an effect key to be found again.", nameof(draft));

        var parts = splitter.Split(draft.Text);
        var drafts = parts.Select((text, index) => draft with { Text = text, Effect = effect.Part(index) }).ToList();
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
        catch (JiraException error) when (error.IsMissing)
        {
            return false;
        }
        catch (JiraException error) when (error.Failure is JiraFailure.Forbidden or JiraFailure.Refused)
        {
            // The app may have another account than when it wrote this; what it may not edit any more it writes anew.
            if (await jira.GetCommentAsync(issueId, commentId, cancellationToken) is { } comment && await jira.IsOwnAsync(comment.Author, cancellationToken)) throw;
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
        var mine = await OwnCommentsAsync(issueId, effect.IsSame, cancellationToken);
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
        bool IsSurplus(CommentEffect mark) => mark.Instance == effect.Instance && mark.Key.StartsWith(effect.Key + CommentEffect.PartMark, StringComparison.Ordinal)
            && int.TryParse(mark.Key.AsSpan(effect.Key.Length + CommentEffect.PartMark.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var part)
            && part > count;

        foreach (var comment in await OwnCommentsAsync(issueId, IsSurplus, cancellationToken))
        {
            await jira.DeleteCommentAsync(issueId, comment.Id, cancellationToken);
        }
    }

    /// <summary>The comments of a mark that the app's own account wrote, oldest first. A mark on another's comment is forged.</summary>
    private async Task<List<TicketComment>> OwnCommentsAsync(string issueId, Func<CommentEffect, bool> isWanted, CancellationToken cancellationToken)
    {
        var own = new List<TicketComment>();
        foreach (var comment in await jira.GetCommentsAsync(issueId, cancellationToken))
        {
            if (comment.Effect is not { } mark || !isWanted(mark)) continue;
            if (await jira.IsOwnAsync(comment.Author, cancellationToken)) own.Add(comment);
            else logger.LogWarning("Comment {Comment} of ticket {Ticket} says that it is the squad's, but somebody else wrote it. It is left alone.", comment.Id, issueId);
        }

        return own;
    }
}
