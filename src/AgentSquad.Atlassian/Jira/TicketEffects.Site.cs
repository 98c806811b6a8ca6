using System.Security.Cryptography;
using System.Text.Json.Nodes;
using AgentSquad.Atlassian.Jira.Text;
using Microsoft.Extensions.Logging;

namespace AgentSquad.Atlassian.Jira;

internal sealed partial class TicketEffects
{
    public async Task<TicketReference> EnsureSubtaskAsync(
        string parentId, TicketDraft draft, CommentEffect effect, CancellationToken cancellationToken)
    {
        if (draft.ParentKey is null) throw new ArgumentException("A sub-task needs the key of its parent.", nameof(draft));
        var whole = splitter.Fit(draft.Description, "description");
        var marked = draft with
        {
            Description = whole.Shown,
            Properties = new Dictionary<string, JsonNode>(draft.Properties)
            {
                [CommentEffect.PropertyKey] = new JsonObject { ["key"] = effect.Key, ["instance"] = effect.Instance, ["kind"] = effect.Kind },
            },
        };
        var subtask = await EnsureAsync(
            token => jira.CreateTicketAsync(marked, token),
            token => FindSubtasksAsync(parentId, effect, token),
            (surplus, token) => jira.DeleteTicketAsync(surplus.Id, token),
            cancellationToken,
            (kept, other) => kept.Summary == other.Summary);
        if (whole is { FileName: { } file, Content: { } content }) await EnsureFileAsync(subtask.Id, file, content, cancellationToken);
        return subtask;
    }

    public async Task EnsureLinkAsync(string typeName, string inwardKey, string outwardKey, CancellationToken cancellationToken) => await EnsureAsync(
        async token =>
        {
            await jira.LinkAsync(typeName, inwardKey, outwardKey, token);
            return new TicketLink("", typeName, IsOutward: true, new TicketReference("", outwardKey));
        },
        async token => (await jira.GetLinksAsync(inwardKey, token))
            .Where(link => link.IsOutward && link.Other.Key == outwardKey && string.Equals(link.TypeName, typeName, StringComparison.OrdinalIgnoreCase)).ToList(),
        (surplus, token) => jira.DeleteLinkAsync(surplus.Id, token),
        cancellationToken);

    public async Task EnsureRemoteLinkAsync(string issueId, RemoteLink link, CancellationToken cancellationToken)
    {
        if ((await jira.GetRemoteLinksAsync(issueId, cancellationToken)).Any(present => Same(present, link))) return;

        // Setting by global id is the same however often it is done. There is one link of an id, whoever made it: it leads where it should now.
        await AgainAsync(token => jira.SetRemoteLinkAsync(issueId, link, token), cancellationToken);
    }

    public Task<TicketAttachment> EnsureAttachmentAsync(
        string issueId, string fileName, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(content.Span))[..8];
        var plain = FileNames.Plain(fileName);
        return EnsureFileAsync(issueId, $"{Path.GetFileNameWithoutExtension(plain)}-{hash}{Path.GetExtension(plain)}", content, cancellationToken);
    }

    private Task<TicketAttachment> EnsureFileAsync(string issueId, string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        EnsureAsync(
            token => jira.AddAttachmentAsync(issueId, name, content, token),
            token => FindFilesAsync(issueId, name, token),
            (surplus, token) => jira.DeleteAttachmentAsync(surplus.Id, token),
            cancellationToken);

    private static bool Same(RemoteLink one, RemoteLink other) => (one.GlobalId, one.Url, one.Title) == (other.GlobalId, other.Url, other.Title);

    /// <summary>Looks, writes when there is nothing, looks again, and deletes all but the oldest.</summary>
    private async Task<T> EnsureAsync<T>(
        Func<CancellationToken, Task<T>> write,
        Func<CancellationToken, Task<List<T>>> find,
        Func<T, CancellationToken, Task> delete,
        CancellationToken cancellationToken,
        Func<T, T, bool>? isCopy = null)
        where T : class
    {
        if (await OldestAsync(cancellationToken) is { } present) return present;
        var (written, wasUnsure) = await OnceAsync(write, OldestAsync, cancellationToken);
        if (wasUnsure) await Task.Delay(LateWriteWait, time, cancellationToken);
        return await OldestAsync(cancellationToken) ?? written;

        async Task<T?> OldestAsync(CancellationToken token)
        {
            var found = await find(token);
            foreach (var surplus in found.Skip(1).Where(other => isCopy?.Invoke(found[0], other) ?? true)) await delete(surplus, token);
            return found.FirstOrDefault();
        }
    }

    // People may set properties on what they may edit, and create sub-tasks themselves. Only what the app created is its own, and only what
    // still has the name of the one that is kept is a copy: whatever a mark was moved to is not deleted.
    private async Task<List<TicketReference>> FindSubtasksAsync(string parentId, CommentEffect effect, CancellationToken cancellationToken)
    {
        var found = new List<TicketReference>();
        foreach (var subtask in await jira.GetSubtasksAsync(parentId, cancellationToken))
        {
            var mark = await jira.GetPropertyAsync(subtask.Id, CommentEffect.PropertyKey, cancellationToken);
            if (mark is not JsonObject value || value["key"]?.ToString() != effect.Key || value["instance"]?.ToString() != effect.Instance) continue;
            if (await jira.IsOwnAsync(await jira.GetCreatorAsync(subtask.Id, cancellationToken), cancellationToken)) found.Add(subtask);
            else logger.LogWarning("Ticket {Subtask} says that it is the squad's sub-task of {Ticket}, but somebody else created it. It is left alone.", subtask.Key, parentId);
        }

        return [.. found.OrderBy(subtask => subtask.Id.Length).ThenBy(subtask => subtask.Id, StringComparer.Ordinal)];
    }

    // A file of that name that somebody else attached is theirs, whatever is in it.
    private async Task<List<TicketAttachment>> FindFilesAsync(string issueId, string name, CancellationToken cancellationToken)
    {
        var found = new List<TicketAttachment>();
        foreach (var file in await jira.GetAttachmentsAsync(issueId, cancellationToken))
        {
            if (file.FileName == name && await jira.IsOwnAsync(file.Author, cancellationToken)) found.Add(file);
        }

        return [.. found.OrderBy(file => file.Created).ThenBy(file => file.Id.Length).ThenBy(file => file.Id, StringComparer.Ordinal)];
    }
}
