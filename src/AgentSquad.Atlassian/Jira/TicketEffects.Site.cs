using System.Security.Cryptography;
using System.Text.Json.Nodes;
using AgentSquad.Atlassian.Jira.Text;

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
            cancellationToken);
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

        // Setting by global id is the same however often it is done.
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
            async token => (await jira.GetAttachmentsAsync(issueId, token)).Where(file => file.FileName == name).OrderBy(file => file.Created)
                .ThenBy(file => file.Id.Length).ThenBy(file => file.Id, StringComparer.Ordinal).ToList(),
            (surplus, token) => jira.DeleteAttachmentAsync(surplus.Id, token),
            cancellationToken);

    private static bool Same(RemoteLink one, RemoteLink other) => (one.GlobalId, one.Url, one.Title) == (other.GlobalId, other.Url, other.Title);

    /// <summary>Looks, writes when there is nothing, looks again, and deletes all but the oldest.</summary>
    private async Task<T> EnsureAsync<T>(
        Func<CancellationToken, Task<T>> write,
        Func<CancellationToken, Task<List<T>>> find,
        Func<T, CancellationToken, Task> delete,
        CancellationToken cancellationToken)
        where T : class
    {
        if (await OldestAsync(find, delete, cancellationToken) is { } present) return present;
        var (written, wasUnsure) = await OnceAsync(write, token => OldestAsync(find, delete, token), cancellationToken);
        if (wasUnsure) await Task.Delay(LateWriteWait, time, cancellationToken);
        return await OldestAsync(find, delete, cancellationToken) ?? written;
    }

    private static async Task<T?> OldestAsync<T>(
        Func<CancellationToken, Task<List<T>>> find, Func<T, CancellationToken, Task> delete, CancellationToken cancellationToken)
        where T : class
    {
        var found = await find(cancellationToken);
        foreach (var surplus in found.Skip(1)) await delete(surplus, cancellationToken);
        return found.FirstOrDefault();
    }

    private async Task<List<TicketReference>> FindSubtasksAsync(string parentId, CommentEffect effect, CancellationToken cancellationToken)
    {
        var found = new List<TicketReference>();
        foreach (var subtask in await jira.GetSubtasksAsync(parentId, cancellationToken))
        {
            var mark = await jira.GetPropertyAsync(subtask.Id, CommentEffect.PropertyKey, cancellationToken);
            if (mark is JsonObject value && value["key"]?.ToString() == effect.Key && value["instance"]?.ToString() == effect.Instance) found.Add(subtask);
        }

        return [.. found.OrderBy(subtask => subtask.Id.Length).ThenBy(subtask => subtask.Id, StringComparer.Ordinal)];
    }
}
